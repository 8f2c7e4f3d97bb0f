import type { Database, Prisma, Project, Server } from '#generated/prisma/client.ts';
import type { Rotator, Target } from '#lib/engines/engine.ts';
import { openRotator } from './seal-rotator.ts';
import { sslModeToWire } from './ssl-mode.ts';

/** What `targetOf` needs to know of a login. */
export const WITH_PLACE = { server: true, projects: { orderBy: { createdAt: 'asc' } } } satisfies Prisma.DatabaseInclude;

type Address = Pick<Database, 'host' | 'directPort'>;
/** A row of work with the address of its login. */
export type Located = Address & { id: string };
type DatabaseName = Pick<Project, 'databaseName' | 'pooledDatabaseName'>;

/** The database through which a login is tried: that of the named project, or of the oldest one. */
export function targetOf(login: Database & { projects: (DatabaseName & { id: string })[] }, projectId: string): Target {
  const { projects } = login;
  const project = projects.find((p) => p.id === projectId) ?? projects[0];
  if (!project) throw new Error('a database without a project');
  return placesOf(login, project);
}

/** The endpoints of a login, for one of the databases it is used with. */
export function placesOf(login: Database, { databaseName, pooledDatabaseName }: DatabaseName): Target {
  const { host, directPort: port, sslMode, caPem, allowsMd5, pooledHost, pooledPort } = login;
  const [pinnedKey, pinnedRsaKey] = [login.directPinnedKey, login.directPinnedRsaKey];
  const direct = { host, port, user: null, database: databaseName, tls: { mode: sslModeToWire(sslMode), caPem, pinnedKey, pinnedRsaKey, allowsMd5 } };
  if (pooledPort === null) return { direct, pooled: null };
  const pins = { pinnedKey: login.pooledPinnedKey, pinnedRsaKey: login.pooledPinnedRsaKey };
  const tls = { mode: sslModeToWire(login.pooledSslMode ?? sslMode), caPem, ...pins, allowsMd5 };
  return { direct, pooled: { host: pooledHost ?? host, port: pooledPort, user: login.pooledUser, database: pooledDatabaseName ?? databaseName, tls } };
}

/** Whether a server's rotator is at the address of a login. Under another name the same server may be another one. */
export const hasRotator = ({ host, directPort }: Address, { rotatorName, rotatorHost, rotatorPort }: Server): boolean =>
  rotatorName !== null && rotatorHost === host && rotatorPort === directPort;

/**
 * The rotator for a login; null if its server has none at this address: a rotator changes a role only where the role's
 * current password is accepted as well, and neither password is sent anywhere else. Throws SealBrokenError.
 */
export async function rotatorOf(login: Address, server: Server, database: string): Promise<Rotator | null> {
  if (!hasRotator(login, server)) return null;
  const { rotatorName: user, rotatorSealed, rotatorHost: host, rotatorPort: port, rotatorSslMode, rotatorCaPem: caPem } = server;
  if (user === null || rotatorSealed === null || host === null || port === null || rotatorSslMode === null) return null;
  const pins = { pinnedKey: server.rotatorPinnedKey, pinnedRsaKey: server.rotatorPinnedRsaKey };
  const tls = { mode: sslModeToWire(rotatorSslMode), caPem, ...pins, allowsMd5: server.rotatorAllowsMd5 };
  const direct = { host, port, user: null, database: server.rotatorDatabase ?? database, tls };
  return { user, password: await openRotator(server, rotatorSealed), target: { direct, pooled: null } };
}

/** The lane in which work on a login runs: one address that does not answer delays no other. */
export const laneOfLogin = ({ host, directPort }: Address): string => `${host.toLowerCase()}:${directPort}`;
