import { mariadb } from './mariadb.ts';
import { mysql8 } from './mysql8.ts';

/** One row of a user: the same name may log in from several hosts, each with a password of its own. */
export interface Account {
  host: string;
  plugin: string | null;
  verifier: string | null;
  /** Verifiers that are valid beside it. */
  others: string[];
}

/** The passwords that a user is to have: one, and those that stay valid beside it. */
export interface Wanted {
  user: string;
  verifier: string;
  alsoValid: readonly string[];
}

/** Where MariaDB and MySQL part. Every statement is a text, so that it can be tested without a server. */
export interface Dialect {
  /** Lists the accounts of a user, with columns for `readAccount`. */
  listAccounts: (user: string) => string;
  readAccount: (row: Record<string, unknown>) => Account;
  /** Plugins whose hash can be set. */
  plugins: readonly string[];
  /** The statements that give all accounts what is wanted. Throws EngineError where the server cannot. */
  changeAccounts: (accounts: Account[], wanted: Wanted) => string[];
  /** The statement by which a user sets its own password by a hash; null where only the password itself is taken. */
  changeOwn: ((verifier: string) => string) | null;
  /** Tells what the login's own account is like, with one column for `readOwn`. */
  showOwn: string[];
  /** Bounds what the session waits for. */
  fences: string[];
}

export const dialectOf = ({ isMariadb }: { isMariadb: boolean }): Dialect => (isMariadb ? mariadb : mysql8);
