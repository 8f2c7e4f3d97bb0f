import type { PolicyListWire, PolicyWire } from '#lib/contract/policy.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { loadPolicy } from './load-policy.ts';
import { readPolicyStats } from './read-stats.ts';
import { policyToWire } from './to-wire.ts';

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
