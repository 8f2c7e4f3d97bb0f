import type { Database, Server } from '#generated/prisma/client.ts';
import { engineFor } from '#lib/engines/registry.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { lockLogin, rotationInProgress } from '#lib/rotation/machine/live-rotation.ts';

/**
 * Stores whether new passwords of a login are sent to its server in plain text, for servers that accept no verifiers.
 * @throws {DomainError} validation_failed if the engine never sends them, rotation_in_progress
 */
export async function choosePlaintext(tx: Tx, database: Database & { server: Server }, sendsPlaintext: boolean): Promise<void> {
  if (sendsPlaintext && !engineFor(database.server.engine).sendsPlaintext)
    throw invalidField('sends_plaintext', 'Only PostgreSQL logins can be sent passwords in plain text. Nothing was changed.');
  // A retry of a change sends what its first attempt sent.
  const live = await lockLogin(tx, database.id);
  if (live) throw rotationInProgress(live);
  await tx.database.update({ where: { id: database.id }, data: { sendsPlaintext } });
}
