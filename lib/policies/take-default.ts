import type { Tx } from '#lib/db.ts';

/** Takes the place of the organization's default policy, inside a transaction: whichever has it loses it. */
export async function takeDefault(tx: Tx, organizationId: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`default policy ${organizationId}`}, 0))::text`;
  await tx.policy.updateMany({ where: { organizationId, isDefault: true }, data: { isDefault: false } });
}
