import type { Import } from '#generated/prisma/client.ts';
import type { ImportRowState } from '#generated/prisma/enums.ts';
import type { ListQuery } from '#lib/contract/common.ts';
import type { ImportListWire, ImportWire } from '#lib/contract/import.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { cutPage, pageOf } from '#lib/paging/list-page.ts';

type Counts = ImportWire['counts'];

/** How many rows of each import are in each state. */
export async function countRows(importIds: string[], tx: Tx = db): Promise<Map<string, Counts>> {
  const rows = await tx.importRow.groupBy({ by: ['importId', 'state'], where: { importId: { in: importIds } }, _count: true });
  const none = (): Record<ImportRowState, number> => ({ pending: 0, imported: 0, already_here: 0, failed: 0, canceled: 0 });
  const counts = new Map(importIds.map((id) => [id, none()]));
  for (const { importId, state, _count } of rows) Object.assign(counts.get(importId) ?? {}, { [state]: _count });
  return counts;
}

const stateOf = ({ canceledAt, finishedAt }: Import): ImportWire['state'] => (canceledAt ? 'canceled' : finishedAt ? 'completed' : 'running');

async function toWire(rows: Import[]): Promise<ImportWire[]> {
  const counts = await countRows(rows.map(({ id }) => id));
  return rows.map((row) => ({
    id: row.id,
    organization_id: row.organizationId,
    name: row.name,
    state: stateOf(row),
    total: row.total,
    counts: counts.get(row.id) as Counts,
    requested_by: row.requestedBy,
    created_at: row.createdAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
  }));
}

/** An import of the organization. Throws not_found. */
export async function loadImport({ organizationId }: Context, id: string, tx: Tx = db): Promise<Import> {
  const row = await tx.import.findFirst({ where: { id, organizationId } });
  if (!row) throw notFound('import');
  return row;
}

/** Returns an import with its progress. Throws not_found. */
export async function getImport(context: Context, id: string): Promise<ImportWire> {
  const [wire] = await toWire([await loadImport(context, id)]);
  if (!wire) throw notFound('import');
  return wire;
}

/** Imports, newest first. */
export async function listImports({ organizationId }: Context, query: ListQuery): Promise<ImportListWire> {
  const { where, ...page } = pageOf(query, 'desc', 'id');
  const found = await db.import.findMany({ where: { organizationId, ...where }, ...page });
  const { rows, next } = cutPage(found, query, ({ id }) => id);
  return { imports: await toWire(rows), ...next };
}
