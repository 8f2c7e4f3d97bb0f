import type { Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ImportWire, StartImportBody } from '#lib/contract/import.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { wake } from '#lib/queue/wake.ts';
import { getImport } from './get-import.ts';
import { type JudgedRow, judgeRows, serverKeyOf } from './judge-rows.ts';
import { readImportFile } from './read-file.ts';
import { shownUrl } from './read-row.ts';
import { sealRow } from './seal-row.ts';

/** Rows per statement, limited by the number of parameters. */
const BATCH = 1_000;
/** For 10,000 rows: statements that write them all together. */
const TRANSACTION_MS = 60_000;

const STATE_OF = { new: 'pending', already_here: 'already_here', will_not_work: 'failed' } as const;

/** The columns of a row. A row that has ended keeps no password. */
async function columnsOf(organizationId: string, importId: string, judged: JudgedRow): Promise<Prisma.ImportRowCreateManyInput> {
  const { row, line, name, tags, target, policy, verdict, reasons, project } = judged;
  const key = { id: newId('imr'), organizationId };
  const isNew = verdict === 'new';
  return {
    ...key,
    importId,
    line,
    name,
    url: target && shownUrl(row.url),
    pooledUrl: target?.pooled ? shownUrl(row.pooled_url) : null,
    tags,
    policyId: policy?.id ?? null,
    serverKey: target && serverKeyOf(target.direct),
    state: STATE_OF[verdict],
    reasons: reasons.map(({ field, text }) => ({ field, text })),
    projectId: project?.id ?? null,
    sealed: isNew ? await sealRow(key, { url: row.url, pooledUrl: row.pooled_url }) : '',
    endedAt: isNew ? null : storeTime(),
  };
}

/**
 * Stores the rows of a file, each with its verdict, and has a worker import those that are new. Passwords are stored
 * sealed, and erased when their row ends.
 * @throws {DomainError} validation_failed naming the line that makes the file unreadable
 */
export async function startImport(context: Context, { name = 'Import', ...file }: StartImportBody): Promise<ImportWire> {
  const { organizationId, actor } = context;
  const judged = await judgeRows(context, readImportFile(file).rows);
  const id = newId('imp');
  const rows: Prisma.ImportRowCreateManyInput[] = [];
  for (let at = 0; at < judged.length; at += BATCH)
    rows.push(...(await Promise.all(judged.slice(at, at + BATCH).map((one) => columnsOf(organizationId, id, one)))));
  await db.$transaction(
    async (tx) => {
      await tx.import.create({ data: { id, organizationId, name, total: rows.length, requestedBy: actor.name, requestedById: actor.id } });
      for (let at = 0; at < rows.length; at += BATCH) await tx.importRow.createMany({ data: rows.slice(at, at + BATCH) });
      await recordAudit(tx, context, {
        action: 'import.started',
        target: { type: 'import', id, name },
        metadata: { import_id: id, name, rows: rows.length, new: rows.filter(({ state }) => state === 'pending').length },
      });
    },
    { timeout: TRANSACTION_MS },
  );
  void wake('import.run', { importId: id });
  return getImport(context, id);
}
