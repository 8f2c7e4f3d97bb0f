import { z } from 'zod';
import type { Database } from '#generated/prisma/client.ts';
import type { Endpoint, OtherKey } from '#lib/engines/engine.ts';
import { storeTime } from '#lib/kernel/clock.ts';

const stored = z.object({
  endpoint: z.enum(['direct', 'pooled']),
  kind: z.enum(['tls', 'rsa']),
  trusted: z.string().nullable(),
  offered: z.string(),
  address: z.string(),
  seen_at: z.string(),
});
export type RefusedKey = z.infer<typeof stored>;

type Where = Pick<Database, 'host' | 'directPort' | 'pooledHost' | 'pooledPort' | 'refusedKeys'> & Pins;
type Pins = Pick<Database, 'directPinnedKey' | 'directPinnedRsaKey' | 'pooledPinnedKey' | 'pooledPinnedRsaKey'>;

/** The column that holds the trusted key of an endpoint. */
export const pinColumn = ({ endpoint, kind }: Pick<OtherKey, 'endpoint' | 'kind'>): keyof Pins =>
  endpoint === 'direct' ? (kind === 'tls' ? 'directPinnedKey' : 'directPinnedRsaKey') : kind === 'tls' ? 'pooledPinnedKey' : 'pooledPinnedRsaKey';

const addressOf = (database: Where, endpoint: Endpoint): string =>
  endpoint === 'direct' ? `${database.host}:${database.directPort}` : `${database.pooledHost ?? database.host}:${database.pooledPort}`;

/** The keys that were refused at the current addresses, for the endpoints with a trusted key. */
export function refusedKeysOf(database: Where): RefusedKey[] {
  const all = z.array(stored).safeParse(database.refusedKeys).data ?? [];
  return all.filter((key) => key.address === addressOf(database, key.endpoint) && key.trusted === database[pinColumn(key)]);
}

/** The column's value with one more refused key, the latest of its endpoint and kind. */
export function withRefusedKey(database: Where, { endpoint, kind, trusted, offered }: OtherKey): RefusedKey[] {
  const others = refusedKeysOf(database).filter((key) => key.endpoint !== endpoint || key.kind !== kind);
  return [...others, { endpoint, kind, trusted, offered, address: addressOf(database, endpoint), seen_at: storeTime().toISOString() }];
}
