import { type Policy, Prisma } from '#generated/prisma/client.ts';
import type { CreatePolicyBody, PolicyListWire, PolicyWire } from '#lib/contract/policy.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { invalidField, notFound } from '#lib/kernel/errors.ts';
import { readPolicyStats } from './read-stats.ts';
import type { Blackout, MaintenanceWindow, PolicyRule } from './rule.ts';
import { policyToWire } from './to-wire.ts';

/** A policy of the organization. Throws not_found. */
async function loadPolicy({ organizationId }: Context, id: string, tx: Tx = db): Promise<Policy> {
  const policy = await tx.policy.findFirst({ where: { id, organizationId } });
  if (!policy) throw notFound('policy');
  return policy;
}

/** The same, locked until the transaction ends. Throws not_found. */
export async function lockPolicy(tx: Tx, context: Context, id: string): Promise<Policy> {
  await tx.$queryRaw`SELECT FROM policies WHERE id = ${id} AND organization_id = ${context.organizationId} FOR UPDATE`;
  return loadPolicy(context, id, tx);
}

/** What the audit log tells of a policy. */
export const policyFacts = ({ id, name }: Policy) => ({ policy_id: id, name });

export const policyNameTaken = () => invalidField('name', 'The organization already has a policy of that name. Nothing was changed; choose another name.');

/** Takes the place of the organization's default policy, inside a transaction: whichever has it loses it. */
export async function takeDefault(tx: Tx, organizationId: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`default policy ${organizationId}`}, 0))::text`;
  await tx.policy.updateMany({ where: { organizationId, isDefault: true }, data: { isDefault: false } });
}

/** The columns of the fields that are given. */
export const policyColumns = (body: Partial<CreatePolicyBody>) => ({
  ...(body.name !== undefined && { name: body.name }),
  ...(body.max_age_days !== undefined && { maxAgeDays: body.max_age_days }),
  ...(body.cron !== undefined && { cron: body.cron }),
  ...(body.windows !== undefined && { windows: body.windows }),
  ...(body.time_zone !== undefined && { timeZone: body.time_zone }),
  ...(body.blackouts !== undefined && { blackouts: body.blackouts }),
  ...(body.spread !== undefined && { spread: body.spread }),
  ...(body.close_sessions !== undefined && { closeSessions: body.close_sessions }),
  ...(body.grace_hours !== undefined && { graceHours: body.grace_hours }),
  ...(body.run_when_back !== undefined && { runWhenBack: body.run_when_back }),
  ...(body.tag_rule !== undefined && { tagRule: body.tag_rule ?? Prisma.DbNull }),
  ...(body.is_default !== undefined && { isDefault: body.is_default }),
  ...(body.notify !== undefined && { notifyUserIds: [...new Set(body.notify)] }),
});

/** The rule that a body describes. */
export const ruleOf = (body: Pick<CreatePolicyBody, 'max_age_days' | 'cron' | 'windows' | 'time_zone' | 'blackouts'>, spread = false): PolicyRule => ({
  maxAgeDays: body.max_age_days,
  cron: body.cron,
  windows: body.windows,
  timeZone: body.time_zone,
  blackouts: body.blackouts,
  spread,
});

/** The rule of a stored policy. */
export const toRule = ({
  maxAgeDays,
  cron,
  windows,
  timeZone,
  blackouts,
  spread,
}: Pick<Policy, 'maxAgeDays' | 'cron' | 'windows' | 'timeZone' | 'blackouts' | 'spread'>): PolicyRule => ({
  maxAgeDays,
  cron,
  windows: windows as unknown as MaintenanceWindow[],
  timeZone,
  blackouts: blackouts as unknown as Blackout[],
  spread,
});

/**
 * Only one transaction at a time may choose windows for logins with the same tag `pair`. The lock is taken last: its holder
 * waits for no other login.
 */
export async function lockPairs(tx: Tx, logins: { organizationId: string; pair: string | null }[]): Promise<void> {
  const keys = logins.flatMap(({ organizationId, pair }) => (pair === null ? [] : `pair ${organizationId} ${pair}`));
  for (const key of [...new Set(keys)].sort()) await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))::text`;
}

/** The organization's policies by name, and how many logins they leave out. */
export async function listPolicies({ organizationId }: Context): Promise<PolicyListWire> {
  const [rows, logins, without] = await Promise.all([
    db.policy.findMany({ where: { organizationId }, orderBy: { name: 'asc' } }),
    db.database.count({ where: { organizationId } }),
    db.database.count({ where: { organizationId, policyId: null } }),
  ]);
  const stats = await readPolicyStats(rows.map(({ id }) => id));
  return { policies: rows.map((row) => policyToWire(row, stats.get(row.id))), logins, without_policy: without };
}

/** One policy. Throws not_found. */
export async function getPolicy(context: Context, id: string): Promise<PolicyWire> {
  const row = await loadPolicy(context, id);
  return policyToWire(row, (await readPolicyStats([id])).get(id));
}
