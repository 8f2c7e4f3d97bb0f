import type { Policy } from '#generated/prisma/client.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { invalidField, notFound } from '#lib/kernel/errors.ts';

/** A policy of the organization. Throws not_found. */
export async function loadPolicy({ organizationId }: Context, id: string, tx: Tx = db): Promise<Policy> {
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
