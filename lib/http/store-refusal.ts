import { DomainError, isStoreError } from '#lib/kernel/errors.ts';

/** The SQLSTATEs of a store that takes no writes from anybody, with why. */
const REASONS: Record<string, string> = { '53100': 'its disk is full', '25006': 'it is read-only' };

/** Error codes of Prisma and pg for an unavailable database: unreachable, cut off, shutting down, starting, full, or too slow. */
const AWAY =
  /^(?:P1001|P1002|P1008|P1017|P2024|P2028|25P0[34]|57P0[1235]|53300|08...|DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections|EPIPE|ECONN\w+|E\w+UNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;
const AWAY_WORDS = /^(?:Connection terminated|Client has encountered a connection error)/;

/** A deadlock or a conflict of serializable transactions: the store has taken this one back, and the other one went on. */
const CONFLICT = /^(?:P2034|40P01|40001|TransactionWriteConflict)$/;

/** An error from pg, or from Prisma around it. The code is in the error, in its cause, or in the driver adapter's error. */
function codesIn(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { code, originalCode, kind, cause, meta, driverAdapterError } = error as Record<string, unknown>;
  const own = [code, originalCode, kind].filter((value) => typeof value === 'string');
  return [...own, ...[cause, meta, driverAdapterError].flatMap((inner) => codesIn(inner, depth + 1))];
}

/** The answer to a request that the store refused because it takes no writes, ended the transaction, or did not answer; null for any other error. */
export function storeRefusal(error: unknown): DomainError | null {
  const codes = codesIn(error);
  const reason = codes.flatMap((code) => REASONS[code] ?? [])[0];
  if (reason !== undefined)
    return new DomainError(
      'unavailable',
      `Rekey's own database takes no writes: ${reason}. What this request would have stored was taken back. Repeat it once \`GET /api/health\` answers 200.`,
    );
  if (!isStoreError(error)) return null;
  if (codes.some((code) => CONFLICT.test(code)))
    return new DomainError(
      'unavailable',
      "Another request held what this one needed in Rekey's own database, so the database took this one back. Repeat it with the same Idempotency-Key.",
    );
  if (!(codes.some((code) => AWAY.test(code)) || AWAY_WORDS.test(error.message))) return null;
  return new DomainError(
    'unavailable',
    "Rekey's own database did not answer. It is not known whether anything changed. Once `GET /api/health` answers 200, check, or repeat the request with the same Idempotency-Key.",
  );
}
