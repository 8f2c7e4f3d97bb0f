import { type EngineFacts, SWITCHED } from './engine-facts.ts';

/** mysql2 reads `ssl` as JSON and knows no other parameter for TLS; without it it connects in clear text. */
const MYSQL2_TLS: Record<string, string> = {
  REQUIRED: '{"rejectUnauthorized":false}',
  VERIFY_CA: '{}',
  VERIFY_IDENTITY: '{"verifyIdentity":true}',
};

/** MySQL and MariaDB. */
export const mysql: EngineFacts = {
  product: 'MySQL',
  keepsTwoPasswords: true,
  allowances: [],
  // mysql2 ignores `ssl-mode` and would connect in clear text.
  variables: 'node',
  url: {
    schemes: ['mysql', 'mariadb'],
    defaultPort: 3306,
    // Both count signs, of four bytes at most: 80 in MariaDB, 64 for the name of a database.
    longest: { user: 320, database: 256 },
    tls: {
      parameter: 'ssl-mode',
      words: { disable: 'DISABLED', prefer: 'PREFERRED', require: 'REQUIRED', 'verify-ca': 'VERIFY_CA', 'verify-full': 'VERIFY_IDENTITY' },
      aliases: { parameters: ['sslmode', 'ssl_mode', 'ssl', 'usessl'], words: SWITCHED },
    },
    redirecting: [
      ...['host', 'port', 'user', 'username', 'password', 'password1', 'password2', 'password3', 'dbname', 'database', 'socket', 'socketpath', 'unix_socket'],
      ...['protocol', 'ssl-cert', 'ssl_cert', 'sslcert', 'ssl-key', 'ssl_key', 'sslkey', 'sslidentity', 'sslpassword'],
    ],
    caFile: ['ssl-ca', 'ssl_ca', 'sslca', 'sslrootcert', 'ssl-capath', 'ssl_capath'],
    forNode: (pairs) =>
      pairs.flatMap(([name, value]): [string, string][] => {
        if (name !== 'ssl-mode') return [[name, value]];
        const tls = MYSQL2_TLS[value.toUpperCase()];
        return tls === undefined ? [] : [['ssl', encodeURIComponent(tls)]];
      }),
    prismaPooled: null,
  },
};
