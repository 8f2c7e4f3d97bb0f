import { setTimeout as delay } from 'node:timers/promises';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { markKey } from '#lib/crypto/check-keys.ts';
import { type KeyRing, KeyUnavailableError } from '#lib/crypto/key-encryption-key.ts';
import { keyRing } from '#lib/crypto/key-ring.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { type Claim, ClaimLost, holdClaim } from '#lib/queue/claim.ts';
import { claimKeyRotation, LEASE } from './claim-key-rotation.ts';
import { countValues, type Rewrapped, rewrapColumn } from './rewrap-column.ts';
import { SEALED_COLUMNS } from './sealed-columns.ts';

type KeyClaim = Claim<'encryption.rewrap'>;

/** Wait before retrying a key service that did not respond, in ms. */
const AWAY_MS = 10_000;
/** Wait before retrying rows that another transaction was writing, in ms. */
const AGAIN_MS = 250;

/**
 * Wraps all data keys of the store with the current key, until nothing that can be opened is wrapped with another. What
 * is done stands in the values themselves: after a crash it goes on with those that are left. May be called by any
 * worker at any time.
 */
export async function rotateKeys(id: string, workerId: string, ring: KeyRing = keyRing()): Promise<void> {
  const claim = await claimKeyRotation(id, workerId);
  if (!claim) return;
  try {
    await wrapAll(claim, ring);
  } catch (error) {
    if (error instanceof ClaimLost) return;
    if (error instanceof KeyUnavailableError) await putOff(claim, error.message);
    else throw error;
  }
}

/** A key's service that does not answer is asked again after a while. Nothing where a later claim has the work. */
async function putOff({ id, fence }: KeyClaim, error: string): Promise<void> {
  const data = { error, nextAttemptAt: storeTime(AWAY_MS), claimedBy: null, leaseUntil: null };
  await db.keyRotation.updateMany({ where: { id, fence, finishedAt: null }, data });
}

async function wrapAll(claim: KeyClaim, ring: KeyRing): Promise<void> {
  await markKey(ring);
  for (;;) {
    const pass = await goThrough(claim, ring);
    const left = [...(await countValues())].reduce((sum, [keyId, count]) => (keyId === ring.current.id ? sum : sum + count), 0);
    await failpoint('rewrap.finished');
    if (left <= pass.unreadable) return finish(claim, pass.unreadable, ring);
    await delay(AGAIN_MS);
  }
}

/** Once through every column. Throws ClaimLost where another worker has taken over. */
async function goThrough(claim: KeyClaim, ring: KeyRing): Promise<Rewrapped> {
  const sum = { rewrapped: 0, unreadable: 0 };
  for (const column of SEALED_COLUMNS) {
    await rewrapColumn(claim, column, ring, (tx, { rewrapped, unreadable }) => {
      sum.rewrapped += rewrapped;
      sum.unreadable += unreadable;
      return tx.$executeRaw`UPDATE key_rotations SET rewrapped = rewrapped + ${rewrapped}, lease_until = now() + ${LEASE} WHERE id = ${claim.id}`;
    });
  }
  return sum;
}

/** Ends it, once, in the audit log of every organization; marks of keys that nothing is sealed with any more go. */
async function finish(claim: KeyClaim, unreadable: number, { current }: KeyRing): Promise<void> {
  const error =
    unreadable === 0
      ? null
      : `${unreadable} values cannot be decrypted with any of the keys. All others use the new one; keep the earlier keys until these are fixed.`;
  await db.$transaction(async (tx) => {
    const data = { state: error ? ('failed' as const) : ('completed' as const), unreadable, error, finishedAt: storeTime(), claimedBy: null, leaseUntil: null };
    await holdClaim(tx, claim);
    await tx.keyRotation.update({ where: { id: claim.id }, data });
    const used = await countValues();
    await tx.encryptionKey.deleteMany({ where: { id: { notIn: [current.id, ...used.keys()] } } });
    for (const organization of await tx.organization.findMany({ select: { id: true } })) {
      await recordAudit(tx, systemContext(organization.id), {
        action: error ? 'encryption.rotation_failed' : 'encryption.rotated',
        reason: error ?? undefined,
        metadata: { key_id: current.id, key_rotation_id: claim.id },
      });
    }
  });
}
