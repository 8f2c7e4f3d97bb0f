import { ENGINES, type EngineName } from '#lib/contract/engines/engines.ts';

/** A connection URL for node-postgres, Drizzle or mysql2. Other clients refuse some of its parameters. */
export function nodeUrl(engine: EngineName, url: string): string {
  const [address = '', query = ''] = url.split(/\?([\s\S]*)/, 2);
  const pairs = query.split('&').flatMap((pair): [string, string][] => {
    const [name = '', value = ''] = pair.split(/=([\s\S]*)/, 2);
    return name === '' ? [] : [[name, value]];
  });
  const written = ENGINES[engine].url.forNode(pairs).map(([name, value]) => `${name}=${value}`);
  return written.length > 0 ? `${address}?${written.join('&')}` : address;
}
