import { DomainError } from '#lib/errors.ts';

/** The SQLSTATEs of a store that takes no writes from anybody, with why. */
const REASONS: Record<string, string> = { '53100': 'its disk is full', '25006': 'it is read-only' };

/** What pg, or Prisma around it, throws: the code stands in the error itself, in its cause, or in what the driver adapter keeps. */
function sqlStatesIn(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { code, originalCode, cause, meta, driverAdapterError } = error as Record<string, unknown>;
  const own = [code, originalCode].filter((value) => typeof value === 'string');
  return [...own, ...[cause, meta, driverAdapterError].flatMap((inner) => sqlStatesIn(inner, depth + 1))];
}

/** The answer to a request whose write the store refused because it takes none; null for any other error. */
export function storeRefusal(error: unknown): DomainError | null {
  const reason = sqlStatesIn(error).flatMap((state) => REASONS[state] ?? [])[0];
  if (reason === undefined) return null;
  return new DomainError(
    'unavailable',
    `Rekey's own database takes no writes: ${reason}. What this request would have stored was taken back. Repeat it once \`GET /api/health\` answers 200.`,
  );
}
