// Puts a database under Rekey's care the short way, for tests of what comes after: rows alone, no job.

import type { Context } from '#lib/context.ts';
import { sealCredential } from '#lib/credentials/seal-credential.ts';
import { sealRotator } from '#lib/credentials/seal-rotator.ts';
import { db } from '#lib/db.ts';
import type { EngineName, Login, Target } from '#lib/engines/engine.ts';
import { newId } from '#lib/ids.ts';

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

/** A server, its login with a current credential, and a project that is ready. */
export async function adopt({ engine = 'postgresql', target, login, rotator, verifier, organizationId: given }: AdoptOptions): Promise<Adopted> {
  const organizationId = given ?? (await createOrganization());
  const address = { host: target.host, directPort: target.directPort };
  const serverId = newId('srv');
  const server = await db.server.upsert({
    where: { organizationId_host_directPort: { organizationId, ...address } },
    update: {},
    create: {
      id: serverId,
      organizationId,
      engine,
      ...address,
      pooledHost: target.pooledHost,
      pooledPort: target.pooledPort,
      sslMode: target.tls.mode === 'require' ? 'require' : 'prefer',
      ...(rotator && { rotatorName: rotator.user, rotatorSealed: await sealRotator({ id: serverId, organizationId, rotatorVersion: 1 }, rotator.password) }),
    },
  });
  const database = await db.database.create({ data: { id: newId('dbs'), organizationId, serverId: server.id, roleName: login.user, state: 'ready' } });
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
    data: { id: newId('prj'), organizationId, databaseId: database.id, databaseName: target.database, name: login.user, slug: newId('prj').toLowerCase() },
  });
  const actor = { kind: 'system', id: null, name: 'test' } as const;
  return { context: { organizationId, actor, origin: {} }, projectId: project.id, databaseId: database.id };
}
