import type { Database, Prisma, Server } from '#generated/prisma/client.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { openRotator, sealRotator } from '#lib/logins/seal-rotator.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { keepsPassword } from './adopt-login.ts';

type Address = { serverId: string; host: string; directPort: number };

/** The projects whose logins a rotator of this server changes, by name: those at its address. */
export const projectsOnServer = (
  tx: Tx,
  { serverId, host, directPort }: Address,
  only: Prisma.ProjectWhereInput = {},
): Promise<{ id: string; name: string }[]> =>
  tx.project.findMany({
    where: { AND: [only, { database: { serverId, host, directPort } }] },
    select: { id: true, name: true },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });

type Proven = Database & { server: Server };

/** What the joining of a server has come to. */
export interface Joined {
  /** Whether the same login is known under another name of the server. */
  hasTwin: boolean;
  /** What came of the rotator that was given with the login, for the audit log. */
  rotator: { rotator_name?: string; affected_projects?: string[]; dropped_rotator?: string };
}

const HAS_REHEARSED = { databases: { some: { rights: { path: ['rotator_may_change'], equals: true } } } } as const satisfies Prisma.ServerWhereInput;

/** Another row of the organization's servers whose rotator stands at the login's own address, and has shown that it may change passwords. */
export const findRotatorRow = (
  tx: Tx,
  { organizationId, serverId, host, directPort, server: { engine } }: Proven,
  only: Prisma.ServerWhereInput = {},
): Promise<Server | null> =>
  tx.server.findFirst({
    where: { ...only, ...HAS_REHEARSED, organizationId, engine, id: { not: serverId }, rotatorHost: host, rotatorPort: directPort, rotatorName: { not: null } },
    // Before one that a single login keeps for itself.
    orderBy: [{ identity: { sort: 'asc', nulls: 'last' } }, { createdAt: 'asc' }],
  });

/** What a server is known by that does not say who it is: every login at this address reaches the same one. */
const byAddress = ({ host, directPort }: Database): string => `address ${host}:${directPort}`;

/**
 * Puts a login that has just been proven with the others of its server. What others have there, a rotator above all, does
 * not become the newcomer's: who claims to be a server is not believed more than that. A rotator that was given with the
 * login goes with it only where it has just logged in and rehearsed a change at its own address (`rotatorVersion`: which
 * one did, null where none did); until then the login stays on a row of its own, where it serves nobody else.
 */
export async function joinServer(tx: Tx, login: Proven, identity: string | null, version: string, rotatorVersion: number | null): Promise<Joined> {
  const { organizationId } = login;
  await tx.$queryRaw`SELECT FROM organizations WHERE id = ${organizationId} FOR NO KEY UPDATE`;
  // As it is now: its key was perhaps trusted, or it was replaced, since the login was loaded.
  const server = await tx.server.findUniqueOrThrow({ where: { id: login.serverId } });
  const joining = { ...login, server };
  // A login that is told nothing says nothing against what another one was told.
  const said = identity ?? server.identity ?? byAddress(login);
  const { id, homeId = id, rotator = {} } = await findOrMove(tx, joining, said, server.rotatorVersion === rotatorVersion);
  await tx.server.update({ where: { id }, data: { version } });
  return { hasTwin: await findTwin(tx, { ...login, serverId: homeId }), rotator };
}

/** `homeId`: the row of the server, where the login stands on one of its own beside it. */
type Place = { id: string; homeId?: string; rotator?: Joined['rotator'] };

async function findOrMove(tx: Tx, login: Proven, identity: string, isRotatorProven: boolean): Promise<Place> {
  const { server, organizationId, host, directPort } = login;
  if (server.identity === identity) return { id: server.id };
  const { engine } = server;
  const known = (await tx.server.findFirst({ where: { organizationId, engine, identity } })) ?? (await findRotatorRow(tx, login, { identity: null }));
  const mayJoin = known?.rotatorName ? isSameRotator(server, known) : isRotatorProven;
  if (server.identity === null && server.rotatorName !== null && !mayJoin) return { id: server.id, homeId: known?.id ?? server.id };
  if (known) {
    const rotator = await moveTo(tx, login, known, isRotatorProven);
    if (known.identity === null) await tx.server.update({ where: { id: known.id }, data: { identity } });
    return { id: known.id, rotator };
  }
  // The server at this address has become another one, for all its logins, or is known for the first time.
  const elsewhere = await tx.database.count({ where: { serverId: server.id, NOT: { host, directPort } } });
  if (server.identity === null || elsewhere === 0) {
    await tx.server.update({ where: { id: server.id }, data: { identity } });
    return { id: server.id };
  }
  const own = await tx.server.create({ data: { id: newId('srv'), organizationId, engine, identity } });
  return { id: own.id, rotator: await moveTo(tx, login, own, isRotatorProven) };
}

const isSameRotator = (one: Server, other: Server): boolean =>
  one.rotatorName === other.rotatorName && one.rotatorHost === other.rotatorHost && one.rotatorPort === other.rotatorPort;

/** Moves a login to another row, and with it a rotator that is proven, where that row has none. Returns what came of the rotator. */
async function moveTo(tx: Tx, { id, host, directPort, server: from }: Proven, to: Server, isRotatorProven: boolean): Promise<Joined['rotator']> {
  await tx.database.update({ where: { id }, data: { serverId: to.id } });
  const brings = isRotatorProven && to.rotatorName === null && from.rotatorName !== null;
  if (brings) await copyRotator(tx, from, to.id);
  const isLeft = (await tx.database.count({ where: { serverId: from.id } })) === 0;
  if (isLeft) await tx.server.delete({ where: { id: from.id } });
  if (from.rotatorName === null) return {};
  if (!brings) return isLeft && !isSameRotator(from, to) ? { dropped_rotator: from.rotatorName } : {};
  const served = await projectsOnServer(tx, { serverId: to.id, host, directPort });
  return { rotator_name: from.rotatorName, affected_projects: served.map(({ name }) => name) };
}

/** Gives the row `to` of a server the rotator of another row. Throws SealBrokenError. */
export async function copyRotator(tx: Tx, from: Server, to: string): Promise<void> {
  if (from.rotatorSealed === null) return;
  const row = await tx.server.findUniqueOrThrow({ where: { id: to } });
  const rotatorVersion = row.rotatorVersion + 1;
  const { rotatorName, rotatorDatabase, rotatorHost, rotatorPort, rotatorSslMode, rotatorCaPem } = from;
  const { rotatorPinnedKey, rotatorPinnedRsaKey, rotatorAllowsMd5 } = from;
  const place = { rotatorName, rotatorDatabase, rotatorHost, rotatorPort, rotatorSslMode, rotatorCaPem };
  const guard = { rotatorPinnedKey, rotatorPinnedRsaKey, rotatorAllowsMd5 };
  const rotatorSealed = await sealRotator({ ...row, rotatorVersion }, await openRotator(from, from.rotatorSealed));
  await tx.server.update({ where: { id: to }, data: { rotatorVersion, rotatorSealed, ...place, ...guard } });
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

/** Deletes a login that no project uses, with its passwords and its past, and then its server where no login is left on it. */
export async function forgetUnused(tx: Tx, { id, serverId }: { id: string; serverId: string }): Promise<void> {
  if ((await tx.project.count({ where: { databaseId: id } })) === 0) {
    // Rotations point at credentials: they go first.
    await tx.rotation.deleteMany({ where: { databaseId: id } });
    await tx.database.delete({ where: { id } });
  }
  if ((await tx.database.count({ where: { serverId } })) === 0) await tx.server.delete({ where: { id: serverId } });
}
