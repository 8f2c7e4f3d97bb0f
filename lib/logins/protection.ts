import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Database, Prisma } from '#generated/prisma/client.ts';
import type { ProtectionWire } from '#lib/contract/project.ts';
import type { Method, Protection } from '#lib/engines/engine.ts';
import { NO_TLS } from '#lib/engines/server-key.ts';
import { refusedKeysOf } from './refused-keys.ts';

const one = z.object({
  channel: z.enum(['verified', 'pinned', 'bound', 'unproven', 'changed', 'plain']),
  key: z.string().nullable(),
  method: z.enum(['scram_bound', 'scram', 'scram_weak', 'md5', 'native', 'sha2_fast', 'sha2_full', 'sha2_rsa', 'cleartext']).nullable(),
}) satisfies z.ZodType<Protection>;
const stored = z.object({ direct: one, pooled: one.nullable() });

/** What protected a login at its endpoints when it was last accepted there. */
export type LoginProtection = z.infer<typeof stored>;

/** The columns that a connection check writes; a check without MD5 revokes what only the upgrade allowed. */
export function protectionColumns({ allowsMd5SinceUpgrade }: Database, found: LoginProtection): Prisma.DatabaseUncheckedUpdateInput {
  const needsMd5 = [found.direct, found.pooled].some((end) => end?.method === 'md5' && (end.channel === 'plain' || end.channel === 'unproven'));
  const endsMd5 = allowsMd5SinceUpgrade && !needsMd5 && { allowsMd5: false, allowsMd5SinceUpgrade: false };
  return { protection: { ...found }, ...endsMd5 };
}

/** Whether a check has found something that is not recorded yet. */
export const isNewProtection = ({ protection, allowsMd5SinceUpgrade }: Database, found: LoginProtection): boolean =>
  allowsMd5SinceUpgrade || !isDeepStrictEqual(stored.safeParse(protection).data, found);

/** The name of a method on the screens. */
const METHODS: Record<Method, string> = {
  scram_bound: 'SCRAM',
  scram: 'SCRAM',
  scram_weak: 'SCRAM',
  md5: 'MD5',
  native: 'native password',
  sha2_fast: 'caching_sha2',
  sha2_full: 'caching_sha2',
  sha2_rsa: 'caching_sha2 under the trusted RSA key',
  cleartext: 'cleartext',
};

function endpointText({ channel, key, method }: Protection): string {
  const how = method === null ? 'no password required' : METHODS[method];
  if (channel === 'plain') return method === 'md5' ? 'No TLS, MD5 by choice' : `No TLS: ${how} only`;
  if (channel === 'verified') return `Verified certificate, ${how}`;
  if (channel === 'unproven') return `TLS, server key not trusted yet: ${how} only`;
  return `Trusted server key ${key?.slice(0, 8)}…, ${how}`;
}

/** What protects a login, in one line. */
export function protectionText({ direct, pooled }: LoginProtection): string {
  const [first, second] = [endpointText(direct), pooled && endpointText(pooled)];
  return second === null || second === first ? first : `${first}. Pooler: ${second}`;
}

const shownKey = (pin: string | null): string | null => (pin === NO_TLS ? null : pin);

const endpointToWire = (found: Protection, pin: string | null, rsaPin: string | null) => ({
  channel: found.channel === 'bound' || found.channel === 'changed' ? ('pinned' as const) : found.channel,
  method: found.method,
  server_key: shownKey(pin) ?? found.key,
  rsa_key: rsaPin,
});

/** What protects a login, as the API shows it. */
export function protectionToWire(database: Database): ProtectionWire {
  const found = stored.safeParse(database.protection).data ?? null;
  return {
    text: found && protectionText(found),
    direct: found && endpointToWire(found.direct, database.directPinnedKey, database.directPinnedRsaKey),
    pooled: found?.pooled ? endpointToWire(found.pooled, database.pooledPinnedKey, database.pooledPinnedRsaKey) : null,
    allows_md5: database.allowsMd5,
    refused_keys: refusedKeysOf(database).map(({ address: _, ...key }) => key),
  };
}
