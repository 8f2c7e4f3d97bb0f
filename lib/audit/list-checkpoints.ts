import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { AuditCheckpointWire } from '#lib/http/wire/audit.ts';
import { chainKeys } from './chain-key.ts';
import { checkpointToWire } from './checkpoint.ts';

/** All signed checkpoints, oldest first, to be kept off the machine. */
export async function listCheckpoints({ organizationId }: Context): Promise<AuditCheckpointWire[]> {
  const { signing } = await chainKeys(db, organizationId);
  const rows = await db.auditCheckpoint.findMany({ where: { organizationId }, orderBy: { number: 'asc' } });
  return rows.map((row) => checkpointToWire(row, signing));
}
