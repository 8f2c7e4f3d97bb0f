import { type EngineFacts, SWITCHED } from './engine-facts.ts';

export const postgresql: EngineFacts = {
  product: 'PostgreSQL',
  keepsTwoPasswords: false,
  allowances: ['allows_md5', 'sends_plaintext'],
  // node-postgres takes `require` for `verify-full` and at worst refuses.
  variables: 'urls',
  url: {
    schemes: ['postgresql', 'postgres'],
    defaultPort: 5432,
    longest: { user: 63, database: 63 },
    tls: {
      parameter: 'sslmode',
      words: { disable: 'disable', prefer: 'prefer', require: 'require', 'verify-ca': 'verify-ca', 'verify-full': 'verify-full' },
      // libpq tries `allow` without TLS first; Rekey takes TLS where it can be had. `no-verify` is node-postgres's.
      aliases: { parameters: ['ssl'], words: { ...SWITCHED, allow: 'prefer', 'no-verify': 'require' } },
    },
    redirecting: [
      ...['host', 'hostaddr', 'port', 'user', 'username', 'password', 'dbname', 'database', 'service', 'servicefile', 'passfile', 'socket'],
      ...['sslcert', 'sslkey', 'sslpassword', 'scram_client_key', 'scram_server_key', 'oauth_client_secret'],
    ],
    caFile: ['sslrootcert'],
    // node-postgres and Drizzle treat `require` as `verify-full`, unless `uselibpqcompat` is set. With it they refuse
    // `verify-ca` where the URL names no CA: the nearest that they connect with is `verify-full`.
    forNode: (pairs) => {
      const names = new Map(pairs);
      const mode = names.get('sslmode') ?? '';
      if (names.has('uselibpqcompat') || !['prefer', 'require', 'verify-ca'].includes(mode)) return pairs;
      if (mode === 'verify-ca' && !names.has('sslrootcert')) return pairs.map(([name, value]) => [name, name === 'sslmode' ? 'verify-full' : value]);
      return [...pairs, ['uselibpqcompat', 'true']];
    },
    prismaPooled: 'pgbouncer=true',
  },
};
