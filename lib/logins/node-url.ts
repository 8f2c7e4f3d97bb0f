import type { EngineName } from '#lib/engines/engine.ts';

/** mysql2 reads `ssl` as JSON and knows no other parameter for TLS; without it it connects in clear text. */
const MYSQL2_TLS: Record<string, string> = {
  REQUIRED: '{"rejectUnauthorized":false}',
  VERIFY_CA: '{}',
  VERIFY_IDENTITY: '{"verifyIdentity":true}',
};

/** The TLS parameters of a URL in the words of Node's drivers. */
const TRANSLATE: Record<EngineName, (pairs: [string, string][]) => [string, string][]> = {
  // node-postgres and Drizzle treat `require` as `verify-full`, unless `uselibpqcompat` is set. With it they refuse
  // `verify-ca` where the URL names no CA: the nearest that they connect with is `verify-full`.
  postgresql: (pairs) => {
    const names = new Map(pairs);
    const mode = names.get('sslmode') ?? '';
    if (names.has('uselibpqcompat') || !['prefer', 'require', 'verify-ca'].includes(mode)) return pairs;
    if (mode === 'verify-ca' && !names.has('sslrootcert')) return pairs.map(([name, value]) => [name, name === 'sslmode' ? 'verify-full' : value]);
    return [...pairs, ['uselibpqcompat', 'true']];
  },
  mysql: (pairs) =>
    pairs.flatMap(([name, value]): [string, string][] => {
      if (name !== 'ssl-mode') return [[name, value]];
      const tls = MYSQL2_TLS[value.toUpperCase()];
      return tls === undefined ? [] : [['ssl', encodeURIComponent(tls)]];
    }),
};

/** A connection URL for node-postgres, Drizzle or mysql2. Other clients refuse some of its parameters. */
export function nodeUrl(engine: EngineName, url: string): string {
  const [address = '', query = ''] = url.split(/\?([\s\S]*)/, 2);
  const pairs = query.split('&').flatMap((pair): [string, string][] => {
    const [name = '', value = ''] = pair.split(/=([\s\S]*)/, 2);
    return name === '' ? [] : [[name, value]];
  });
  const written = TRANSLATE[engine](pairs).map(([name, value]) => `${name}=${value}`);
  return written.length > 0 ? `${address}?${written.join('&')}` : address;
}
