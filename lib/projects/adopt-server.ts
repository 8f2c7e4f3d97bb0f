import type { Prisma, Server } from '#generated/prisma/client.ts';
import type { Context } from '#lib/context.ts';
import { openRotator, sealRotator } from '#lib/credentials/seal-rotator.ts';
import type { Tx } from '#lib/db.ts';
import { invalidField } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { proveOthers } from './prove-others.ts';
import type { Target } from './read-target.ts';
import { sslModeToStore, sslModeToWire } from './ssl-mode.ts';

type Change = Prisma.ServerUncheckedUpdateInput;

export const pooledColumns = (pooled: Target['pooled']) => ({ pooledHost: pooled?.host ?? null, pooledPort: pooled?.port ?? null });

/** The columns of a server's rotator, under the next version. */
export async function rotatorColumns(
  server: Pick<Server, 'id' | 'organizationId' | 'rotatorVersion'>,
  { rotator, direct }: Pick<Target, 'rotator' | 'direct'>,
) {
  const rotatorVersion = server.rotatorVersion + 1;
  return {
    rotatorVersion,
    rotatorName: rotator?.user ?? null,
    rotatorDatabase: rotator && (rotator.database ?? direct.database),
    rotatorSealed: rotator && (await sealRotator({ ...server, rotatorVersion }, rotator.password)),
  };
}

/** What is missing on a known server and given now; throws where what is given differs from what is kept. */
async function fillIn(server: Server, target: Target): Promise<Change> {
  const { direct, pooled, rotator, sslMode, caPem } = target;
  const at = `${server.host}:${server.directPort}`;
  if (direct.engine !== server.engine)
    throw invalidField('connection_url', `Another project uses ${at} as a server of another kind (${server.engine}). Give the same scheme, or another port.`);
  if (sslMode !== null && sslMode !== sslModeToWire(server.sslMode)) {
    throw invalidField('ssl_mode', `Another project uses ${at} with TLS mode ${sslModeToWire(server.sslMode)}. Give the same, or change it there first.`);
  }
  if (caPem !== null && caPem !== server.caPem)
    throw invalidField('ca_pem', `Another project uses ${at} with another CA, or none. Leave it out, or change it there first.`);
  const isOtherPooler = pooled && server.pooledPort !== null && (pooled.host !== server.pooledHost || pooled.port !== server.pooledPort);
  if (isOtherPooler)
    throw invalidField(
      'pooled_connection_url',
      `Another project uses ${at} with the pooler ${server.pooledHost}:${server.pooledPort}. Give the same, or change it there first.`,
    );
  if (rotator && server.rotatorName !== null && server.rotatorSealed !== null) {
    if (rotator.user !== server.rotatorName)
      throw invalidField('rotator_url', `Another project uses ${at} with the rotator ${server.rotatorName}. Leave it out, or change it there first.`);
    if (rotator.password.reveal() !== (await openRotator(server, server.rotatorSealed)).reveal())
      throw invalidField(
        'rotator_url',
        `The password differs from the one kept for ${server.rotatorName}. Leave the URL out, or change it in the other project first.`,
      );
  }
  return {
    ...(pooled && server.pooledPort === null && pooledColumns(pooled)),
    ...(rotator && server.rotatorName === null && (await rotatorColumns(server, target))),
  };
}

/** The server of a target: the known one, with what it lacked filled in, or a new one. Throws validation_failed on contradiction. */
export async function adoptServer(tx: Tx, context: Context, target: Target): Promise<Server> {
  const { organizationId } = context;
  const { direct, pooled, sslMode, caPem } = target;
  const place = { organizationId, host: direct.host, directPort: direct.port };
  const known = await tx.server.findUnique({ where: { organizationId_host_directPort: place } });
  if (known) {
    const change = await fillIn(known, target);
    if (Object.keys(change).length === 0) return known;
    const server = await tx.server.update({ where: { id: known.id }, data: change });
    if (server.pooledPort !== known.pooledPort) await proveOthers(tx, context, { serverId: known.id, but: null });
    return server;
  }
  const key = { id: newId('srv'), organizationId, rotatorVersion: 0 };
  return tx.server.create({
    data: {
      ...key,
      ...place,
      engine: direct.engine,
      sslMode: sslModeToStore(sslMode ?? 'prefer'),
      caPem,
      ...pooledColumns(pooled),
      ...(await rotatorColumns(key, target)),
    },
  });
}
