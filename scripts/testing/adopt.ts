// Puts a database under Rekey's care the short way, for tests of what comes after: rows alone, no job.

import type { EngineName, Login, Place, Target } from '#lib/engines/engine.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { sealRotator } from '#lib/logins/seal-rotator.ts';
import { sealCredential } from '#lib/logins/sealing.ts';
import { sslModeToStore } from '#lib/logins/ssl-mode.ts';

export interface Adopted {
  context: Context;
  projectId: string;
  databaseId: string;
}

export interface AdoptOptions {
  /** PostgreSQL where it does not say. */
  engine?: EngineName;
  target: Target;
  login: Login;
  rotator?: Login;
  /** The verifier the server holds, where a test wants it known. */
  verifier?: string;
  /** An organization made by an earlier call. */
  organizationId?: string;
}

async function createOrganization(): Promise<string> {
  const id = newId('org');
  await db.organization.create({ data: { id, name: 'Example Co', slug: id.toLowerCase() } });
  return id;
}

/** Two logins of one role at one address are one: as if each had been proven. */
async function findTwin({ host, port: directPort }: Place, roleName: string) {
  return db.database.findFirst({ where: { host, directPort, roleName }, select: { loginKey: true } });
}

/** A server, its login with a current credential, and a project that is ready. */
export async function adopt({ engine = 'postgresql', target, login, rotator, verifier, organizationId: given }: AdoptOptions): Promise<Adopted> {
  const organizationId = given ?? (await createOrganization());
  const { direct, pooled } = target;
  const place = { host: direct.host, directPort: direct.port };
  const sslMode = sslModeToStore(direct.tls.mode);
  const known = await db.server.findFirst({ where: { organizationId, databases: { some: place } } });
  const serverId = known?.id ?? newId('srv');
  const rotatorSealed = rotator && (await sealRotator({ id: serverId, organizationId, rotatorVersion: 1 }, rotator.password));
  if (!known)
    await db.server.create({
      data: {
        id: serverId,
        organizationId,
        engine,
        ...(rotator && { rotatorName: rotator.user, rotatorSealed, rotatorHost: direct.host, rotatorPort: direct.port, rotatorSslMode: sslMode }),
      },
    });
  const id = newId('dbs');
  const { loginKey = id } = (await findTwin(direct, login.user)) ?? {};
  const database = await db.database.create({
    data: {
      id,
      organizationId,
      serverId,
      roleName: login.user,
      loginKey,
      ...place,
      sslMode,
      caPem: direct.tls.caPem,
      allowsMd5: direct.tls.allowsMd5,
      pooledHost: pooled?.host ?? null,
      pooledPort: pooled?.port ?? null,
      pooledUser: pooled?.user ?? null,
      state: 'ready',
    },
  });
  const key = { id: newId('crd'), organizationId, version: 1 };
  await db.credential.create({
    data: {
      ...key,
      databaseId: database.id,
      loginName: login.user,
      state: 'current',
      sealed: await sealCredential(key, { password: login.password, verifier: verifier ?? null }),
    },
  });
  const project = await db.project.create({
    data: { id: newId('prj'), organizationId, databaseId: database.id, databaseName: direct.database, name: login.user, slug: newId('prj').toLowerCase() },
  });
  const actor = { kind: 'system', id: null, name: 'test' } as const;
  return { context: { organizationId, actor, origin: {} }, projectId: project.id, databaseId: database.id };
}
