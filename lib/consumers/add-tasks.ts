import type { Tx } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';

interface CompletedRotation {
  organizationId: string;
  rotationId: string;
  databaseId: string;
}

/**
 * Writes a task for every consumer of every project that uses the login, in the transaction that completes its rotation.
 * Answers their names.
 */
export async function addTasks(tx: Tx, { organizationId, rotationId, databaseId }: CompletedRotation): Promise<string[]> {
  // The lock keeps a consumer from being deleted before its task stands: that would undo the completion.
  const held = await tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT c.id, c.name FROM consumers c JOIN projects p ON p.id = c.project_id
    WHERE p.database_id = ${databaseId} ORDER BY c.name, c.id FOR KEY SHARE OF c`;
  if (held.length === 0) return [];
  const tasks = JSON.stringify(held.map(({ id }) => ({ id: newId('tsk'), consumer_id: id })));
  await tx.$executeRaw`
    INSERT INTO consumer_tasks (id, organization_id, rotation_id, project_id, consumer_id, name, kind, owner, note)
    SELECT task.id, ${organizationId}, ${rotationId}, c.project_id, c.id, c.name, c.kind, c.owner, c.note
    FROM jsonb_to_recordset(${tasks}::jsonb) AS task (id text, consumer_id text) JOIN consumers c ON c.id = task.consumer_id`;
  return held.map(({ name }) => name);
}
