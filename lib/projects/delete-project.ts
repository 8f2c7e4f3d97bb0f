import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { forgetUnused } from './forget-unused.ts';
import { loadProject } from './load-project.ts';
import { refuseRunningRotation } from './refuse-running-rotation.ts';

/**
 * Forgets a project, and its login and server where no other project uses them. The server itself is not touched.
 * A rotation that needs attention is forgotten with its login.
 * @throws {DomainError} not_found, rotation_in_progress
 */
export async function deleteProject(context: Context, projectId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const { id, name, slug, database, databaseId } = await loadProject(context, projectId, tx);
    await refuseRunningRotation(tx, databaseId);
    // The audit row keeps the project's id in its metadata: its own column is emptied with the project.
    await recordAudit(tx, context, {
      action: 'project.forgotten',
      projectId: id,
      metadata: { project_id: id, name, slug, host: database.server.host, port: database.server.directPort, role_name: database.roleName },
    });
    await tx.project.delete({ where: { id } });
    await forgetUnused(tx, database);
  });
}
