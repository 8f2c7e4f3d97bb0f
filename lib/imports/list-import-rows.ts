import { z } from 'zod';
import { type ImportedRowListWire, type ImportedRowQuery, importReason } from '#lib/contract/import.ts';
import { tags as tagsSchema } from '#lib/contract/project.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { loadImport } from './get-import.ts';

const byId = <T extends { id: string }>(rows: T[]): Map<string, T> => new Map(rows.map((row) => [row.id, row]));
const reasonsSchema = z.array(importReason);

/** Rows of an import in the order of their lines. Throws not_found. */
export async function listImportRows(context: Context, importId: string, { state, limit, cursor }: ImportedRowQuery): Promise<ImportedRowListWire> {
  const { organizationId } = context;
  await loadImport(context, importId);
  const rows = await db.importRow.findMany({
    where: { importId, ...(state && { state }), ...(cursor !== undefined && { line: { gt: cursor } }) },
    orderBy: { line: 'asc' },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const named = { select: { id: true, name: true } } as const;
  const idsOf = (pick: (row: (typeof page)[number]) => string | null) => ({ organizationId, id: { in: page.flatMap((row) => pick(row) ?? []) } });
  const [projects, policies] = await Promise.all([
    db.project.findMany({ where: idsOf(({ projectId }) => projectId), ...named }),
    db.policy.findMany({ where: idsOf(({ policyId }) => policyId), ...named }),
  ]);
  const [projectOf, policyOf] = [byId(projects), byId(policies)];
  const last = page.at(-1);
  return {
    rows: page.map(({ line, name, url, pooledUrl, tags, policyId, state: rowState, reasons, projectId }) => ({
      line,
      name,
      url,
      pooled_url: pooledUrl,
      tags: tagsSchema.parse(tags),
      policy: (policyId !== null && policyOf.get(policyId)) || null,
      state: rowState,
      reasons: reasonsSchema.parse(reasons),
      project: (projectId !== null && projectOf.get(projectId)) || null,
    })),
    ...(rows.length > limit && last && { next_cursor: String(last.line) }),
  };
}
