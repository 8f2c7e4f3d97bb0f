import type { Prisma, Project, Server } from '#generated/prisma/client.ts';
import type { Target } from '#lib/engines/engine.ts';
import { sslModeToWire } from '#lib/projects/ssl-mode.ts';

/** What `targetOf` needs to know of a database. */
export const WITH_PLACE = { server: true, projects: { orderBy: { createdAt: 'asc' } } } satisfies Prisma.DatabaseInclude;

/** Where the login of a database is tried: through the named project's own database, or the oldest project's. */
export function targetOf(database: { server: Server; projects: Project[] }, projectId: string): Target {
  const { server, projects } = database;
  const project = projects.find((p) => p.id === projectId) ?? projects[0];
  if (!project) throw new Error('a database without a project');
  return {
    host: server.host,
    directPort: server.directPort,
    pooledHost: server.pooledHost,
    pooledPort: server.pooledPort,
    database: project.databaseName,
    tls: { mode: sslModeToWire(server.sslMode), caPem: server.caPem },
  };
}

type Address = { host: string; directPort: number };

/** The lane in which work on a server runs. */
export const laneOfServer = ({ host, directPort }: Address): string => `${host.toLowerCase()}:${directPort}`;

/** Names a login on a server, for the index that allows one live rotation of it. */
export const targetKeyOf = (server: Address, role: string): string => `${laneOfServer(server)}/${role}`;

/** The lane of a target key: its server. */
export const laneOf = (targetKey: string): string => targetKey.slice(0, targetKey.indexOf('/'));
