import { join } from 'node:path';
import { startPostgres } from '#scripts/servers/postgres.ts';
import type { Supervisor } from './supervisor.ts';

/** Starts the embedded PostgreSQL that Rekey keeps its own tables in; answers the URL of the database `rekey`. */
export async function startControl(dataDir: string, port: number, watch: Supervisor['watch']): Promise<string> {
  const server = await startPostgres({ dir: join(dataDir, 'control'), port });
  watch({ name: 'control database', child: server.child, stop: server.stop });
  return Object.assign(new URL(server.url), { pathname: '/rekey' }).href;
}
