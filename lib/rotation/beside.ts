import type { Secret } from '#lib/crypto/secret.ts';
import type { ChangeRequest } from '#lib/engines/engine.ts';
import { type Attempt, nextLogin } from './attempt.ts';
import { orphanPrefix } from './operator.ts';

/**
 * The versions that are to stay valid beside the current one. Of several rotations before one deployment the oldest
 * password stays, which is what runs; what came between goes, unless a deployment holds it or its own hours are not over.
 */
export function versionsToKeep({ row, retiring }: Attempt): number[] {
  const waiting = retiring.filter(({ retireAt }) => retireAt === null || retireAt > new Date());
  const all = row.kind === 'rotate' ? [...waiting, row.fromCredential] : waiting;
  const running = all.find(({ retireAt }) => retireAt === null);
  const isKept = (one: (typeof all)[number]): boolean => {
    if (row.kind === 'retire' || row.retirement === 'grace') return true;
    return row.retirement === 'on_deploy' && (one === running || one.heldByDeployment || one.retireAt !== null);
  };
  return all.filter(isKept).map(({ version }) => version);
}

/** Every version that is kept besides the new one, and whether it is to stay valid. */
export const oldOnes = ({ row, current, retiring }: Attempt) =>
  [...(row.kind === 'rotate' ? [{ ...current, id: row.fromCredentialId, version: row.fromCredential.version }] : []), ...retiring].map((old) => ({
    ...old,
    isKept: row.keeps.includes(old.version),
  }));

const verifiers = (of: { verifier: string | null }[]): string[] => of.flatMap(({ verifier }) => verifier ?? []);

type Change = Omit<ChangeRequest, 'onTransaction'>;

/**
 * Whether the old password stays valid until everyone in between has the new one: a proxy that keeps a copy of its own
 * takes it later, and where failed logins block an account, whoever still tries the old one would block it for all.
 */
export const bridges = ({ engine, rotator, target, row, failedLoginLimit }: Attempt): boolean =>
  engine.keepsTwoPasswords && rotator !== null && row.kind === 'rotate' && (target.pooled !== null || typeof failedLoginLimit === 'number');

/** What the server is told to take the new password, and to keep beside it. */
export function changeToNew(attempt: Attempt): Change {
  const { row, current, retiring } = attempt;
  const { user: role, password, verifier } = nextLogin(attempt);
  // Staged without one only where a person chose to have passwords sent as they are.
  if (verifier === null && !row.database.sendsPlaintext) throw new Error('a staged credential without a verifier');
  return {
    role,
    verifier: verifier ?? password,
    alsoValid: verifiers(oldOnes(attempt).filter(({ isKept }) => isKept)),
    known: verifiers([current, { verifier }, ...retiring]),
    // Of a password that others know, nobody can say who set the ones beside it.
    endsOthers: row.reason === 'compromise',
    attempt: orphanPrefix(row.id),
  };
}

/** The same with the old password still valid; see `bridges`. */
export function changeToBoth(attempt: Attempt): Change {
  const change = changeToNew(attempt);
  return { ...change, alsoValid: [...new Set([...verifiers([attempt.current]), ...(change.alsoValid ?? [])])] };
}

/** The same to put the old password back, by this verifier or as it is: all that were valid are again. */
export const changeToOld = (attempt: Attempt, verifier: string | Secret): Change => ({
  ...changeToNew(attempt),
  verifier,
  alsoValid: verifiers(attempt.retiring),
});
