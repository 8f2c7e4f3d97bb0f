import type { ConnectionsWire } from '#lib/contract/project.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { currentCredential, loadProject } from './load-project.ts';
import { revealPassword } from './reveal-password.ts';
import { sslModeToWire } from './ssl-mode.ts';
import { urlsOf } from './urls-of.ts';

/** The connection URLs with the current password in them. Writes an audit event: without it nothing is shown. Throws not_found. */
export async function viewConnections(context: Context, projectId: string): Promise<ConnectionsWire> {
  return db.$transaction(async (tx) => {
    const row = await loadProject(context, projectId, tx);
    const { host, directPort: port, pooledPort, sslMode, rotatedAt } = row.database;
    const credential = currentCredential(row);
    const password = await revealPassword(tx, context, projectId, credential);
    const { direct, pooled } = urlsOf(row, password);
    return {
      direct_url: direct.reveal(),
      ...(pooled && pooledPort !== null && { pooled_url: pooled.reveal(), pooled_port: pooledPort }),
      username: credential.loginName,
      host,
      port,
      database: row.databaseName,
      ssl_mode: sslModeToWire(sslMode),
      rotated_at: rotatedAt?.toISOString() ?? null,
    };
  });
}
