import { costOf } from '#lib/crypto/mysql-hash.ts';
import { parseAccount } from './account-text.ts';
import type { Connection } from './connect.ts';
import { type Account, verifiersOf } from './dialect.ts';
import { dialectOf } from './greeting.ts';

/** A login's own account, as SHOW CREATE USER tells it to the account itself. */
export interface OwnAccount extends Account {
  /** The hashes of its passwords; more than one where several are valid at once, none of a kind that cannot be set. */
  verifiers: string[];
  /** The hash of the password that logged in; null where it is of a kind that cannot be set. */
  verifier: string | null;
  /** Whether the account itself can replace that password, and no other. */
  mayChange: boolean;
  /** The cost of a new hash: the rounds of caching_sha2_password, 0 for mysql_native_password. */
  iterations: number;
}

/** Reads the account by which a connection logged in. Throws EngineError. */
export async function readOwn(connection: Connection): Promise<OwnAccount> {
  const answers = await connection.run(...dialectOf(connection).showOwn);
  const [row] = (answers.at(-1) ?? []) as Record<string, string>[];
  return judgeOwn(connection, parseAccount(Object.values(row ?? {})[0] ?? ''));
}

/** What an account means for a login by the password that has those hashes. */
export function judgeOwn(connection: Pick<Connection, 'isMariadb' | 'isOwnHash'>, account: Account): OwnAccount {
  const dialect = dialectOf(connection);
  const verifiers = verifiersOf(dialect, account);
  const verifier = verifiers.find(connection.isOwnHash) ?? null;
  // SET PASSWORD replaces the first method that keeps a password.
  const first = account.methods.find(({ plugin }) => !dialect.passwordless.includes(plugin));
  const mayChange = dialect.changeOwn !== null && verifier !== null && first?.value === verifier && dialect.plugins.includes(first.plugin);
  return { ...account, verifiers, verifier, mayChange, iterations: costOf(verifier) };
}
