/** One way into an account: a plugin, and what it checks against. */
export interface Method {
  plugin: string;
  /** The hash of a password, or whatever else the plugin keeps; null where it keeps nothing. */
  value: string | null;
}

/** One account of a user: the same name may log in from several hosts, each with passwords of its own. */
export interface Account {
  host: string;
  /** In the order in which the server tries them. */
  methods: Method[];
  isLocked: boolean;
  /** Whether it demands a client certificate (REQUIRE X509, SUBJECT, ISSUER or CIPHER). */
  demandsCertificate: boolean;
  /** Whether it demands TLS, of any kind. */
  demandsTls: boolean;
  /** How many logins and statements it may make in an hour; 0 where nothing limits them. */
  perHour: { logins: number; statements: number };
}

/** The passwords that a user is to have: one, and those that stay valid beside it. */
export interface Wanted {
  user: string;
  verifier: string;
  alsoValid: readonly string[];
  /** Whether a password that stands there now is replaced; all others, and all other methods, are carried over. */
  replaces: (verifier: string) => boolean;
}

/** Where MariaDB and MySQL differ. Every statement is a text, so that it can be tested without a server. */
export interface Dialect {
  /** Lists the accounts of a user, with columns for `readAccount`. */
  listAccounts: (user: string) => string;
  readAccount: (row: Record<string, unknown>) => Account;
  /** Plugins whose hash can be set. */
  plugins: readonly string[];
  /** Plugins that SET PASSWORD passes over, because they keep no password. */
  passwordless: readonly string[];
  /** The statements that give all accounts what is wanted. Throws EngineError where the server cannot. */
  changeAccounts: (accounts: Account[], wanted: Wanted) => string[];
  /** The statement by which a user sets its own password by a hash; null where only the password itself is taken. */
  changeOwn: ((verifier: string) => string) | null;
  /** Tells what the login's own account is like, with one column for `parseAccount`. */
  showOwn: string[];
  /** Session variables by which nothing that a user, a role or the server sets alters what Rekey reads and sends. */
  session: Record<string, string>;
  /** Tells whether password validation rejects every hash, with a row where it does; null where the server has no such rule. */
  listStrictRules: string | null;
}

/** The passwords of an account that can be set, by their hashes. */
export const verifiersOf = ({ plugins }: Dialect, { methods }: Pick<Account, 'methods'>): string[] =>
  methods.flatMap(({ plugin, value }) => (value && plugins.includes(plugin) ? [value] : []));
