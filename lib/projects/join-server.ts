import type { Database, Prisma, Server } from '#generated/prisma/client.ts';
import { openCredential } from '#lib/credentials/seal-credential.ts';
import { openRotator, sealRotator } from '#lib/credentials/seal-rotator.ts';
import type { Tx } from '#lib/db.ts';
import { newId } from '#lib/ids.ts';
import { keepsPassword } from './adopt-login.ts';

type Proven = Database & { server: Server };

/** What a server is known by that does not say who it is: every login at this address reaches the same one. */
const byAddress = ({ host, directPort }: Database): string => `address ${host}:${directPort}`;

/**
 * Puts a login that has just been proven with the others of its server, and says whether the same login is known under
 * another name of it. What others have there, a rotator above all, does not become the newcomer's: who claims to be a
 * server is not believed more than that.
 */
export async function joinServer(tx: Tx, login: Proven, identity: string | null, version: string): Promise<{ hasTwin: boolean }> {
  const { organizationId } = login;
  await tx.$queryRaw`SELECT FROM organizations WHERE id = ${organizationId} FOR NO KEY UPDATE`;
  // A login that is told nothing says nothing against what another one was told.
  const said = identity ?? login.server.identity ?? byAddress(login);
  const serverId = await findOrMove(tx, login, said);
  await tx.server.update({ where: { id: serverId }, data: { version } });
  return { hasTwin: await findTwin(tx, { ...login, serverId }) };
}

async function findOrMove(tx: Tx, login: Proven, identity: string): Promise<string> {
  const { server, organizationId, host, directPort } = login;
  if (server.identity === identity) return server.id;
  const { engine } = server;
  const known =
    (await tx.server.findFirst({ where: { organizationId, engine, identity } })) ??
    (await tx.server.findFirst({
      where: { organizationId, engine, identity: null, id: { not: server.id }, rotatorHost: host, rotatorPort: directPort },
      orderBy: { createdAt: 'asc' },
    }));
  if (known) {
    await moveTo(tx, login, known);
    if (known.identity === null) await tx.server.update({ where: { id: known.id }, data: { identity } });
    return known.id;
  }
  // The server at this address has become another one, for all its logins, or is known for the first time.
  const elsewhere = await tx.database.count({ where: { serverId: server.id, NOT: { host, directPort } } });
  if (server.identity === null || elsewhere === 0) {
    await tx.server.update({ where: { id: server.id }, data: { identity } });
    return server.id;
  }
  const own = await tx.server.create({ data: { id: newId('srv'), organizationId, engine, identity } });
  await moveTo(tx, login, own);
  return own.id;
}

async function moveTo(tx: Tx, { id, server: from }: Proven, to: Server): Promise<void> {
  await tx.database.update({ where: { id }, data: { serverId: to.id } });
  if ((await tx.database.count({ where: { serverId: from.id } })) > 0) return;
  if (to.rotatorName === null && from.rotatorName !== null) await tx.server.update({ where: { id: to.id }, data: await rotatorFor(from, to) });
  await tx.server.delete({ where: { id: from.id } });
}

/** The rotator of a server, sealed for another row of it. */
async function rotatorFor(from: Server, to: Server): Promise<Prisma.ServerUncheckedUpdateInput> {
  if (from.rotatorSealed === null) return {};
  const rotatorVersion = to.rotatorVersion + 1;
  const { rotatorName, rotatorDatabase, rotatorHost, rotatorPort, rotatorSslMode, rotatorCaPem, rotatorPinnedKey, rotatorPinnedRsaKey } = from;
  const rotatorSealed = await sealRotator({ ...to, rotatorVersion }, await openRotator(from, from.rotatorSealed));
  return {
    rotatorVersion,
    rotatorSealed,
    rotatorName,
    rotatorDatabase,
    rotatorHost,
    rotatorPort,
    rotatorSslMode,
    rotatorCaPem,
    rotatorPinnedKey,
    rotatorPinnedRsaKey,
  };
}

/** The same role under another name, with the same password: to rotate the one is to rotate the other, so one at a time. */
async function findTwin(tx: Tx, { id, serverId, roleName, loginKey }: Database): Promise<boolean> {
  const current = { where: { state: 'current' } } as const;
  const own = await tx.credential.findFirst({ ...current, where: { ...current.where, databaseId: id } });
  if (!own) return false;
  const { password } = await openCredential(own);
  const others = await tx.database.findMany({
    where: { serverId, roleName, id: { not: id }, credentials: { some: { state: 'current', directProvenAt: { not: null } } } },
    include: { credentials: current },
    orderBy: { createdAt: 'asc' },
  });
  for (const other of others) {
    if (!(await keepsPassword(other, password))) continue;
    if (other.loginKey !== loginKey) await tx.database.update({ where: { id }, data: { loginKey: other.loginKey } });
    return true;
  }
  if (loginKey !== id) await tx.database.update({ where: { id }, data: { loginKey: id } });
  return false;
}
