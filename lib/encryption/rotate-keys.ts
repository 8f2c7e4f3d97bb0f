import { setTimeout as delay } from 'node:timers/promises';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { storeTime } from '#lib/clock.ts';
import { systemContext } from '#lib/context.ts';
import { markKey } from '#lib/crypto/check-keys.ts';
import { type KeyRing, KeyUnavailableError } from '#lib/crypto/key-encryption-key.ts';
import { keyRing } from '#lib/crypto/key-ring.ts';
import { db } from '#lib/db.ts';
import { failpoint } from '#lib/failpoint.ts';
import { claimKeyRotation, LEASE } from './claim-key-rotation.ts';
import { countValues } from './count-values.ts';
import { type Rewrapped, rewrapColumn } from './rewrap-column.ts';
import { SEALED_COLUMNS } from './sealed-columns.ts';

/** Before a key's service that did not answer is asked again. */
const AWAY_MS = 10_000;
/** Before rows are looked at again that somebody was writing. */
const AGAIN_MS = 250;

/**
 * Wraps all data keys of the store with the current key, until nothing that can be opened is wrapped with another. What
 * is done stands in the values themselves: after a crash it goes on with those that are left. May be called by any
 * worker at any time.
 */
export async function rotateKeys(id: string, workerId: string, ring: KeyRing = keyRing()): Promise<void> {
  if (!(await claimKeyRotation(id, workerId))) return;
  try {
    await wrapAll(id, workerId, ring);
  } catch (error) {
    if (!(error instanceof KeyUnavailableError)) throw error;
    const data = { error: error.message, nextAttemptAt: storeTime(AWAY_MS), claimedBy: null, leaseUntil: null };
    await db.keyRotation.updateMany({ where: { id, claimedBy: workerId, finishedAt: null }, data });
  }
}

async function wrapAll(id: string, workerId: string, ring: KeyRing): Promise<void> {
  await markKey(ring);
  for (;;) {
    const pass = await goThrough(id, workerId, ring);
    if (!pass) return;
    const left = [...(await countValues())].reduce((sum, [keyId, count]) => (keyId === ring.current.id ? sum : sum + count), 0);
    await failpoint('rewrap.finished');
    if (left <= pass.unreadable) return finish(id, pass.unreadable, ring);
    await delay(AGAIN_MS);
  }
}

/** Once through every column; null where another worker has taken over. */
async function goThrough(id: string, workerId: string, ring: KeyRing): Promise<Rewrapped | null> {
  const sum = { rewrapped: 0, unreadable: 0 };
  let isOurs = true;
  for (const column of SEALED_COLUMNS) {
    await rewrapColumn(column, ring, async ({ rewrapped, unreadable }) => {
      sum.rewrapped += rewrapped;
      sum.unreadable += unreadable;
      const kept = await db.$executeRaw`
        UPDATE key_rotations SET rewrapped = rewrapped + ${rewrapped}, lease_until = now() + ${LEASE}
        WHERE id = ${id} AND claimed_by = ${workerId} AND finished_at IS NULL`;
      isOurs = kept === 1;
      return isOurs;
    });
    if (!isOurs) return null;
  }
  return sum;
}

/** Ends it, once, in the audit log of every organization; marks of keys that nothing is sealed with any more go. */
async function finish(id: string, unreadable: number, { current }: KeyRing): Promise<void> {
  const error =
    unreadable === 0
      ? null
      : `${unreadable} values cannot be decrypted with any of the keys. All others use the new one; keep the earlier keys until these are fixed.`;
  await db.$transaction(async (tx) => {
    const data = { state: error ? ('failed' as const) : ('completed' as const), unreadable, error, finishedAt: storeTime(), claimedBy: null, leaseUntil: null };
    const { count } = await tx.keyRotation.updateMany({ where: { id, finishedAt: null }, data });
    if (count === 0) return;
    const used = await countValues();
    await tx.encryptionKey.deleteMany({ where: { id: { notIn: [current.id, ...used.keys()] } } });
    for (const organization of await tx.organization.findMany({ select: { id: true } })) {
      await recordAudit(tx, systemContext(organization.id), {
        action: error ? 'encryption.rotation_failed' : 'encryption.rotated',
        reason: error ?? undefined,
        metadata: { key_id: current.id, key_rotation_id: id },
      });
    }
  });
}
