import { Prisma } from '#generated/prisma/client.ts';
import type { KeyRing } from '#lib/crypto/key-encryption-key.ts';
import { keyRing } from '#lib/crypto/key-ring.ts';
import { db } from '#lib/kernel/db.ts';
import { type Claim, claims, isClaimable } from '#lib/queue/claim.ts';

/** Renewed with each batch. */
export const LEASE = Prisma.sql`interval '2 minutes'`;

const isDue = (workerId: string) => Prisma.sql`
  k.finished_at IS NULL AND ${isClaimable('k', workerId)}`;

/** Takes the re-wrapping for one attempt; null where another living worker has it, it is not due, or it has ended. */
export async function claimKeyRotation(id: string, workerId: string): Promise<Claim<'encryption.rewrap'> | null> {
  const [claimed] = await db.$queryRaw<{ fence: number }[]>`
    UPDATE key_rotations k SET state = 'running', ${claims('k', workerId, LEASE)} WHERE k.id = ${id} AND ${isDue(workerId)} RETURNING k.fence`;
  return claimed ? { kind: 'encryption.rewrap', id, fence: claimed.fence } : null;
}

/** The re-wrapping that is due and free. A worker whose current key is another leaves it to those that were started anew. */
export async function findDueKeyRotations(workerId: string, inHand: string[], ring: KeyRing = keyRing()): Promise<{ id: string }[]> {
  const due = await db.$queryRaw<{ id: string; keyId: string }[]>`
    SELECT k.id, k.key_id AS "keyId" FROM key_rotations k WHERE ${isDue(workerId)} AND k.id <> ALL(${inHand})`;
  return due.filter(({ keyId }) => ring.current.opens(keyId));
}
