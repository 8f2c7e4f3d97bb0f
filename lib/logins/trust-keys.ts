import type { Database, Server } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { type Endpoint, EngineError, type Login, type Protection, type Rotator, type Target, type Tls } from '#lib/engines/engine.ts';
import { engineFor } from '#lib/engines/registry.ts';
import { NO_TLS, needsFirstKey } from '#lib/engines/server-key.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { engineOf } from './counted-engine.ts';

type WithServer = Database & { server: Server };

const PIN = { direct: 'directPinnedKey', pooled: 'pooledPinnedKey' } as const satisfies Record<Endpoint, keyof Database>;

const withTls = (target: Target, endpoint: Endpoint, tls: Partial<Tls>): Target => {
  const place = target[endpoint];
  return place ? { ...target, [endpoint]: { ...place, tls: { ...place.tls, ...tls } } } : target;
};

/** The key an endpoint presents, in stored form; null if it could not be read, which also prevents the login. */
async function readFirstKey(server: Server, target: Target, endpoint: Endpoint): Promise<string | null> {
  try {
    return (await engineFor(server.engine).readKey(target, endpoint)).fingerprint ?? NO_TLS;
  } catch (error) {
    if (error instanceof EngineError) return null;
    throw error;
  }
}

/**
 * The target with a trusted key at every endpoint. If an endpoint has none yet, its key is read without sending
 * anything of the login, and stored before the first login (trust on first use).
 */
export async function trustFirstKeys(database: WithServer, target: Target): Promise<Target> {
  let trusted = target;
  for (const endpoint of ['direct', 'pooled'] as const) {
    const place = target[endpoint];
    if (!place || !needsFirstKey(place.tls)) continue;
    const key = await readFirstKey(database.server, target, endpoint);
    if (key === null) continue;
    const where = { id: database.id, placeVersion: database.placeVersion };
    await db.database.updateMany({ where: { ...where, [PIN[endpoint]]: null }, data: { [PIN[endpoint]]: key } });
    // Another worker may have stored it first.
    const kept = await db.database.findFirst({ where, select: { directPinnedKey: true, pooledPinnedKey: true } });
    trusted = withTls(trusted, endpoint, { pinnedKey: kept?.[PIN[endpoint]] ?? key });
  }
  return trusted;
}

/** The same for the rotator of a server, at its own address. */
export async function trustFirstRotatorKey(server: Server, rotator: Rotator | null): Promise<Rotator | null> {
  if (!rotator || !needsFirstKey(rotator.target.direct.tls)) return rotator;
  const key = await readFirstKey(server, rotator.target, 'direct');
  if (key === null) return rotator;
  const where = { id: server.id, rotatorVersion: server.rotatorVersion };
  await db.server.updateMany({ where: { ...where, rotatorPinnedKey: null }, data: { rotatorPinnedKey: key } });
  const kept = await db.server.findFirst({ where, select: { rotatorPinnedKey: true } });
  return { ...rotator, target: withTls(rotator.target, 'direct', { pinnedKey: kept?.rotatorPinnedKey ?? key }) };
}

/**
 * Stores the key of a server that has just proven itself, by channel binding or a verified certificate, in place of an
 * older one. Returns the target with it.
 */
export async function keepProvenKey(database: WithServer, projectId: string, target: Target, { channel, key }: Protection): Promise<Target> {
  const { mode, pinnedKey } = target.direct.tls;
  const isProven = channel === 'bound' || (channel === 'verified' && !mode.startsWith('verify') && pinnedKey !== null);
  if (!isProven || key === null || key === pinnedKey) return target;
  await db.$transaction(async (tx) => {
    const { count } = await tx.database.updateMany({
      where: { id: database.id, placeVersion: database.placeVersion, directPinnedKey: pinnedKey },
      data: { directPinnedKey: key },
    });
    if (count === 0) return;
    await recordAudit(tx, systemContext(database.organizationId), {
      action: 'project.server_key_trusted',
      projectId,
      metadata: { role_name: database.roleName, endpoint: 'direct', from: pinnedKey, to: key, proof: channel === 'bound' ? 'channel_binding' : 'certificate' },
    });
  });
  return withTls(target, 'direct', { pinnedKey: key });
}

/** Logs in only by channel binding, so that a server with another key proves itself. Returns whether one of the logins succeeded. */
export async function takeOverProvenKey(database: WithServer, projectId: string, target: Target, logins: Login[]): Promise<boolean> {
  for (const login of logins) {
    const session = await engineOf(database)
      .openSession(target, login)
      .catch((error: unknown) => {
        if (error instanceof EngineError) return null;
        throw error;
      });
    if (!session) continue;
    await session.close();
    if ((await keepProvenKey(database, projectId, target, session.protection)) !== target) return true;
  }
  return false;
}
