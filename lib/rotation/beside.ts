import type { Attempt } from './attempt.ts';

/**
 * The versions that are to stay valid beside the current one. Of several rotations before one deployment the newest
 * password stays and the one that runs; what came between them goes, unless a deployment holds it.
 */
export function versionsToKeep({ row, retiring }: Attempt): number[] {
  const waiting = retiring.filter(({ retireAt }) => retireAt === null || retireAt > new Date()).map(({ version }) => version);
  if (row.kind === 'retire') return waiting;
  const { version, heldByDeployment } = row.fromCredential;
  switch (row.retirement) {
    case 'immediate':
      return [];
    case 'grace':
      return [...waiting, version];
    case 'on_deploy':
      return waiting.length === 0 || heldByDeployment ? [...waiting, version] : waiting;
  }
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
