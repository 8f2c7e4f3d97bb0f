import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { ConnectionsWire } from '#lib/http/wire/project.ts';
import { currentCredential, loadProject } from '#lib/projects/load-project.ts';
import { sslModeToWire } from '#lib/projects/ssl-mode.ts';
import { buildUrl } from './build-url.ts';
import { revealPassword } from './reveal-password.ts';

/** The connection URLs with the current password in them. Writes an audit event: without it nothing is shown. Throws not_found. */
export async function viewConnections(context: Context, projectId: string): Promise<ConnectionsWire> {
  return db.$transaction(async (tx) => {
    const row = await loadProject(context, projectId, tx);
    const { server, rotatedAt } = row.database;
    const credential = currentCredential(row);
    const password = await revealPassword(tx, context, projectId, credential);
    const parts = { user: credential.loginName, password, database: row.databaseName, sslMode: sslModeToWire(server.sslMode) };
    const { host, directPort: port, pooledHost, pooledPort } = server;
    return {
      direct_url: buildUrl({ ...parts, host, port }),
      ...(pooledPort !== null && { pooled_url: buildUrl({ ...parts, host: pooledHost ?? host, port: pooledPort }), pooled_port: pooledPort }),
      username: credential.loginName,
      host,
      port,
      database: row.databaseName,
      ssl_mode: parts.sslMode,
      rotated_at: rotatedAt?.toISOString() ?? null,
    };
  });
}
