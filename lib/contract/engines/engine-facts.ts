export type TlsMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** How the connection URLs of an engine are written. */
export interface UrlDialect {
  /** The first is the one that Rekey writes. */
  schemes: readonly string[];
  defaultPort: number;
  /** Maximum length of names, in bytes. PostgreSQL silently truncates longer ones, so the login would get another name. */
  longest: { user: number; database: number };
  /** The parameter of the TLS mode, and its words; `aliases` are other names and words that clients read. */
  tls: { parameter: string; words: Record<TlsMode, string>; aliases: { parameters: readonly string[]; words: Readonly<Record<string, TlsMode>> } };
  /** Parameters that send the login to another place than the URL shows, or carry another secret. In lower case. */
  redirecting: readonly string[];
  /** Parameters that name a file of certificate authorities on the client's machine. In lower case. */
  caFile: readonly string[];
  /** The parameters of a URL, the TLS mode in the words of Node's driver. */
  forNode(pairs: [name: string, value: string][]): [name: string, value: string][];
  /** What Prisma before 7 must find in a pooled URL; null where it needs nothing. */
  prismaPooled: string | null;
}

/** What both sides of the wire know of an engine. What differs between engines is stated here, and nowhere switched on a name. */
export interface EngineFacts {
  /** Its name in a sentence. */
  product: string;
  /** Whether a rotator can make two passwords valid at once. */
  keepsTwoPasswords: boolean;
  /** What a person may allow for a login that protects its password less. */
  allowances: readonly ('allows_md5' | 'sends_plaintext')[];
  /** The set of variables that an integration writes where a person chose none: see VARIABLE_PRESETS. */
  variables: 'urls' | 'node';
  url: UrlDialect;
}

/** Words of clients that switch TLS on or off, without a check of the certificate. */
export const SWITCHED: Record<string, TlsMode> = {
  true: 'require',
  '1': 'require',
  on: 'require',
  yes: 'require',
  false: 'disable',
  '0': 'disable',
  off: 'disable',
  no: 'disable',
};
