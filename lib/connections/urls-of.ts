import { Secret } from '#lib/crypto/secret.ts';
import { currentCredential, type ProjectRow } from '#lib/projects/load-project.ts';
import { sslModeToWire } from '#lib/projects/ssl-mode.ts';
import { buildUrl } from './build-url.ts';

/** The connection URLs of a project with its password in them; `pooled` is null where there is no pooler. */
export function urlsOf(row: ProjectRow, password: Secret): { direct: Secret; pooled: Secret | null } {
  const { server } = row.database;
  const parts = { engine: server.engine, user: currentCredential(row).loginName, password, database: row.databaseName, sslMode: sslModeToWire(server.sslMode) };
  const { host, directPort: port, pooledHost, pooledPort } = server;
  return {
    direct: new Secret(buildUrl({ ...parts, host, port })),
    pooled: pooledPort === null ? null : new Secret(buildUrl({ ...parts, host: pooledHost ?? host, port: pooledPort })),
  };
}
