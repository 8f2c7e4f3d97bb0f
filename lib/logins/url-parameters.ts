import type { UrlDialect } from '#lib/contract/engines/engine-facts.ts';
import type { TlsMode } from '#lib/engines/engine.ts';

/** The TLS mode that a value of a TLS parameter means; undefined if it means none. */
function modeOf(word: string, { tls: { words, aliases } }: UrlDialect): TlsMode | undefined {
  const known = (Object.keys(words) as TlsMode[]).find((mode) => mode === word.toLowerCase() || words[mode] === word.toUpperCase());
  if (known) return known;
  // mysql2 takes an object; without a word of its own it checks the chain.
  if (word.startsWith('{')) return /"rejectUnauthorized"\s*:\s*false/.test(word) ? 'require' : 'verify-ca';
  return Object.hasOwn(aliases.words, word.toLowerCase()) ? aliases.words[word.toLowerCase()] : undefined;
}

const tlsNames = ({ tls }: UrlDialect): string[] => [tls.parameter, ...tls.aliases.parameters];

/** Whether a parameter says how TLS is used. */
export const saysTls = (name: string, dialect: UrlDialect): boolean => tlsNames(dialect).includes(name.toLowerCase());

/** Everything that a URL says about TLS: one mode, none, or several if it contradicts itself. */
function tlsModes(query: URLSearchParams, dialect: UrlDialect): (TlsMode | undefined)[] {
  const said = [...query].filter(([name]) => saysTls(name, dialect)).map(([, word]) => modeOf(word, dialect));
  // libpq checks chain and name if it is set to trust the system's authorities.
  if (said.length === 0 && query.get('sslrootcert') === 'system') return ['verify-full'];
  return [...new Set(said)];
}

/** The TLS mode of a URL, by the engine's own parameter or one that clients treat alike; null if it has none. */
export const readTlsMode = (query: URLSearchParams, dialect: UrlDialect): TlsMode | null => tlsModes(query, dialect)[0] ?? null;

/** What is wrong with a URL's parameters, one sentence each. All other parameters are kept as they are. */
export function parameterFaults(query: URLSearchParams, dialect: UrlDialect): string[] {
  const { parameter, words } = dialect.tls;
  const names = [...new Set(query.keys())];
  const named = (some: readonly string[]) => names.filter((name) => some.includes(name.toLowerCase()));
  const modes = tlsModes(query, dialect);
  const faults = named(dialect.redirecting).map(
    (name) => `Leave out the parameter ${name}: Rekey logs in only with the host, port, user, password and database of the URL itself.`,
  );
  for (const name of named(dialect.caFile)) {
    if (query.get(name) === 'system' && modes[0] === 'verify-full') continue;
    faults.push(`Leave out the parameter ${name}: it names a file that Rekey cannot read. Paste the certificates into the field ca_pem instead.`);
  }
  const others = dialect.tls.aliases.words.allow ? ', or allow (treated as prefer)' : '';
  if (modes.includes(undefined)) faults.push(`Set ${parameter} to one of: ${Object.values(words).join(', ')}${others}.`);
  else if (modes.length > 1) faults.push(`Set the TLS mode once: the URL has ${modes.join(' and ')}.`);
  // Servers that take TLS at once (PostgreSQL 17) take the usual request for it as well, by which Rekey logs in.
  if (query.get('sslnegotiation') === 'direct' && !['require', 'verify-ca', 'verify-full'].includes(modes[0] ?? ''))
    faults.push('Add sslmode=require, verify-ca or verify-full beside sslnegotiation=direct: clients refuse it with a weaker mode.');
  return faults;
}
