import { db } from '#lib/kernel/db.ts';
import { type Chain, isSealGenuine } from './chain-key.ts';

/** How far a log was found whole, and the number of the last checkpoint that was signed by then. */
export interface Witness {
  seq: number;
  hmac: string;
  checkpoints: number;
}

interface WitnessRow extends Witness {
  sealed: string;
}

async function read(organizationId: string): Promise<WitnessRow | undefined> {
  const [row] = await db.$queryRaw<WitnessRow[]>`
    SELECT witness_seq AS seq, witness_hmac AS hmac, witness_checkpoints AS checkpoints, witness_seal AS sealed
    FROM audit_keys WHERE organization_id = ${organizationId}`;
  return row;
}

const isGenuine = (chain: Chain, { sealed, ...witness }: WitnessRow): boolean => isSealGenuine(chain, { kind: 'witness', ...witness }, sealed);

/** The witness beside the chain's secret; null where it is missing, or not what Rekey wrote. */
export async function readWitness(organizationId: string, chain: Chain): Promise<Witness | null> {
  const row = await read(organizationId);
  return row && isGenuine(chain, row) ? row : null;
}

/** Moves the witness forward, never back. A forged witness is left in place so that verification finds it. A witness that another transaction is moving is also left as is. */
export async function advanceWitness(organizationId: string, chain: Chain, { seq, hmac, checkpoints }: Witness): Promise<void> {
  const row = await read(organizationId);
  if (!row || !isGenuine(chain, row)) return;
  const isFurther = seq > row.seq;
  const next = { seq: isFurther ? seq : row.seq, hmac: isFurther ? hmac : row.hmac, checkpoints: Math.max(checkpoints, row.checkpoints) };
  if (!isFurther && next.checkpoints === row.checkpoints) return;
  await db.$executeRaw`
    UPDATE audit_keys SET witness_seq = ${next.seq}::int, witness_hmac = ${next.hmac}, witness_checkpoints = ${next.checkpoints}::int,
      witness_seal = ${chain.sealOf({ kind: 'witness', ...next })}
    WHERE organization_id = ${organizationId} AND witness_seal = ${row.sealed}`;
}
