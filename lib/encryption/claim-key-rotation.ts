import { Prisma } from '#generated/prisma/client.ts';
import type { KeyRing } from '#lib/crypto/key-encryption-key.ts';
import { keyRing } from '#lib/crypto/key-ring.ts';
import { db } from '#lib/db.ts';
import { isUnclaimed } from '#lib/queue/liveness.ts';

/** Begun anew with each batch. */
export const LEASE = Prisma.sql`interval '2 minutes'`;

const isDue = (workerId: string) => Prisma.sql`
  k.finished_at IS NULL AND k.next_attempt_at <= now() AND ${isUnclaimed(Prisma.sql`k.claimed_by`, Prisma.sql`k.lease_until`, workerId)}`;

/** Takes the re-wrapping; false where another living worker has it, it is not due, or it has ended. */
export async function claimKeyRotation(id: string, workerId: string): Promise<boolean> {
  const claimed = await db.$executeRaw`
    UPDATE key_rotations k SET state = 'running', claimed_by = ${workerId}, lease_until = now() + ${LEASE} WHERE k.id = ${id} AND ${isDue(workerId)}`;
  return claimed === 1;
}

/** The re-wrapping that is due and free. A worker whose current key is another leaves it to those that were started anew. */
export async function findDueKeyRotations(workerId: string, inHand: string[], ring: KeyRing = keyRing()): Promise<{ id: string }[]> {
  const due = await db.$queryRaw<{ id: string; keyId: string }[]>`
    SELECT k.id, k.key_id AS "keyId" FROM key_rotations k WHERE ${isDue(workerId)} AND k.id <> ALL(${inHand})`;
  return due.filter(({ keyId }) => ring.current.opens(keyId));
}
