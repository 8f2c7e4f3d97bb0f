import { join } from 'node:path';
import { startPostgres } from '#scripts/servers/postgres.ts';
import type { Supervisor } from './supervisor.ts';

/** Starts the embedded PostgreSQL that Rekey keeps its own tables in; answers the URL of the database `rekey`. */
export async function startControl(dataDir: string, port: number, keep: Supervisor['keep']): Promise<string> {
  const { url } = await keep(async () => ({ name: 'control database', ...(await startPostgres({ dir: join(dataDir, 'control'), port })) }));
  return Object.assign(new URL(url), { pathname: '/rekey' }).href;
}
