import type { Secret } from '#lib/crypto/secret.ts';
import type { ChangeRequest } from '#lib/engines/engine.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { type Attempt, nextLogin } from '#lib/rotation/machine/attempt.ts';
import { orphanPrefix } from './operator.ts';

/**
 * The versions that stay valid beside the current one. Of several rotations before one deployment, the oldest password
 * stays, because it is the one that is running. Versions in between end, unless a deployment holds them or their own
 * grace hours are not over.
 */
export function versionsToKeep({ row, retiring }: Attempt): number[] {
  const waiting = retiring.filter(({ retireAt }) => retireAt === null || retireAt > storeTime());
  const all = row.kind === 'rotate' ? [...waiting, row.fromCredential] : waiting;
  const running = all.find(({ retireAt }) => retireAt === null);
  const isKept = (one: (typeof all)[number]): boolean => {
    if (row.kind === 'retire' || row.retirement === 'grace') return true;
    return row.retirement === 'on_deploy' && (one === running || one.heldByDeployment || one.retireAt !== null);
  };
  return all.filter(isKept).map(({ version }) => version);
}

/** Every stored version except the new one, and whether it stays valid. */
export const oldOnes = ({ row, current, retiring }: Attempt) =>
  [...(row.kind === 'rotate' ? [{ ...current, id: row.fromCredentialId, version: row.fromCredential.version }] : []), ...retiring].map((old) => ({
    ...old,
    isKept: row.keeps.includes(old.version),
  }));

const verifiers = (of: { verifier: string | null }[]): string[] => of.flatMap(({ verifier }) => verifier ?? []);

type Change = Omit<ChangeRequest, 'onTransaction'>;

/**
 * Whether the old password stays valid until everything in between has the new one: a proxy with its own copy picks it
 * up later, and where failed logins block an account, a client that still uses the old password would block it for
 * all.
 */
export const bridges = ({ engine, rotator, target, row, failedLoginLimit }: Attempt): boolean =>
  engine.keepsTwoPasswords && rotator !== null && row.kind === 'rotate' && (target.pooled !== null || typeof failedLoginLimit === 'number');

/** The change to send to the server: the new password, and those that stay valid beside it. */
export function changeToNew(attempt: Attempt): Change {
  const { row, current, retiring } = attempt;
  const { user: role, password, verifier } = nextLogin(attempt);
  // Staged without a verifier only if a person allowed plaintext passwords.
  if (verifier === null && !row.database.sendsPlaintext) throw new Error('a staged credential without a verifier');
  return {
    role,
    verifier: verifier ?? password,
    alsoValid: verifiers(oldOnes(attempt).filter(({ isKept }) => isKept)),
    known: verifiers([current, { verifier }, ...retiring]),
    // After a compromise it is not known who set the other passwords.
    endsOthers: row.reason === 'compromise',
    attempt: orphanPrefix(row.id),
  };
}

/** The same with the old password still valid; see `bridges`. */
export function changeToBoth(attempt: Attempt): Change {
  const change = changeToNew(attempt);
  return { ...change, alsoValid: [...new Set([...verifiers([attempt.current]), ...(change.alsoValid ?? [])])] };
}

/** The same to restore the old password, by this verifier or as it is: all that were valid are valid again. */
export const changeToOld = (attempt: Attempt, verifier: string | Secret): Change => ({
  ...changeToNew(attempt),
  verifier,
  alsoValid: verifiers(attempt.retiring),
});
