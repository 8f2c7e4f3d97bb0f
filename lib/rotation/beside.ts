import type { Attempt } from './attempt.ts';

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

/** What the server is to be told beside the verifier that counts. */
export const besides = (attempt: Attempt): { alsoValid: string[]; known: string[] } => ({
  alsoValid: verifiers(oldOnes(attempt).filter(({ isKept }) => isKept)),
  known: verifiers([attempt.current, ...(attempt.next ? [attempt.next] : []), ...attempt.retiring]),
});

/** The same for putting the old password back: all that were valid are again. */
export const besidesBefore = (attempt: Attempt): { alsoValid: string[]; known: string[] } => ({ ...besides(attempt), alsoValid: verifiers(attempt.retiring) });
