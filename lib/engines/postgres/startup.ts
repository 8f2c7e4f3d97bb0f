/**
 * What a role, a database or a server may have set, and what would change the form of an answer, the meaning of a name,
 * or end a session of ours: given at start-up, where it wins over all three. Only settings that any role may make.
 */
const PINNED = {
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  search_path: 'pg_catalog',
  row_security: 'on',
  default_transaction_read_only: 'off',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  exit_on_error: 'off',
  client_min_messages: 'warning',
} as const;

/** Settings of later releases. A server that does not know one ends the session. */
const PINNED_SINCE = [
  { version: 140_000, settings: { idle_session_timeout: '0' } },
  { version: 170_000, settings: { transaction_timeout: '0' } },
] as const;

/** The most addresses whose release is remembered. */
const MOST = 1_000;
const versions = new Map<string, number>();

/** Remembers the release behind an address, so that the next login pins what that release knows; null where it proved wrong. */
export function rememberVersion(address: string, version: number | null): void {
  versions.delete(address);
  if (version === null) return;
  if (versions.size >= MOST) versions.clear();
  versions.set(address, version);
}

/** The `options` of the start-up packet, for the server itself: a pooler refuses the parameter. */
export function startupOptions(address: string): string {
  const version = versions.get(address) ?? 0;
  const later = PINNED_SINCE.filter((since) => version >= since.version).map(({ settings }) => settings);
  return Object.entries(Object.assign({}, PINNED, ...later) as Record<string, string>)
    .map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
    .join(' ');
}
