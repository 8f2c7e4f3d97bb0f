import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ImportWire } from '#lib/contract/import.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { takeOver } from '#lib/queue/claim.ts';
import { getImport, loadImport } from './get-import.ts';

/** Ends imports inside a transaction: erases the passwords of rows that were not imported, and stops workers from continuing. */
export async function cancelIn(tx: Tx, context: Context, imports: { id: string; name: string }[]): Promise<void> {
  const now = storeTime();
  for (const { id, name } of imports) {
    await takeOver('import.run', id, tx);
    const { count: canceled } = await tx.importRow.updateMany({
      where: { importId: id, state: 'pending' },
      data: { state: 'canceled', sealed: '', endedAt: now },
    });
    await tx.import.update({ where: { id }, data: { canceledAt: now, finishedAt: now } });
    await recordAudit(tx, context, { action: 'import.canceled', target: { type: 'import', id, name }, metadata: { import_id: id, name, canceled } });
  }
}

/**
 * Cancels an import. Projects that it has added stay.
 * @throws {DomainError} not_found, conflict where it has ended
 */
export async function cancelImport(context: Context, id: string): Promise<ImportWire> {
  await db.$transaction(async (tx) => {
    await loadImport(context, id, tx);
    await tx.$queryRaw`SELECT FROM imports WHERE id = ${id} FOR UPDATE`;
    const row = await loadImport(context, id, tx);
    if (row.finishedAt) throw new DomainError('conflict', 'This import has ended. Nothing was changed.');
    await cancelIn(tx, context, [row]);
  });
  return getImport(context, id);
}
