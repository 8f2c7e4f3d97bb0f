import type { SetupStateWire } from '#lib/contract/setup.ts';
import type { Origin } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { workersAlive } from '#lib/queue/health.ts';
import { deadLink, hashToken, refuseToken } from './setup-token.ts';

/** What the holder of the set-up link should know before making the owner. Throws validation_failed for a dead link. */
export async function describeSetup(origin: Origin, token: string): Promise<SetupStateWire> {
  if (!(await db.setupLink.findFirst({ where: { tokenHash: hashToken(token), usedAt: null }, select: { id: true } }))) return refuseToken(origin, deadLink());
  const [[server], { count, lastBeatAt }] = await Promise.all([db.$queryRaw<{ server_version: string }[]>`SHOW server_version`, workersAlive()]);
  return {
    store: { kind: env.REKEY_STORE, version: server?.server_version.split(' ')[0] ?? '' },
    workers: { count, last_beat_at: lastBeatAt?.toISOString() ?? null },
    encryption_key: env.REKEY_ENCRYPTION_KEY_ORIGIN,
  };
}
