import type { ExportAuditQuery } from '#lib/contract/audit.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { findRecords } from './read-events.ts';
import { type AuditRecord, recordOf } from './record.ts';
import { recordAudit } from './record-audit.ts';

const PAGE = 1_000;

const COLUMNS = [
  'seq',
  'id',
  'created_at',
  'action',
  'outcome',
  'reason',
  'actor_kind',
  'actor_id',
  'actor_name',
  'actor_role',
  'method',
  'key_id',
  'signed_in_at',
  'address',
  'user_agent',
  'request_id',
  'project_id',
  'project_name',
  'target_type',
  'target_id',
  'target_name',
  'metadata',
  'organization_id',
  'previous_hmac',
  'hmac',
] as const satisfies (keyof AuditRecord)[];

/** Returns an RFC 4180 cell. Text that begins with = + - @ gets an apostrophe, since a spreadsheet would run it as a formula. */
function cell(value: unknown): string {
  const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const harmless = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const lineOf = {
  jsonl: (record: AuditRecord) => `${JSON.stringify(record)}\n`,
  csv: (record: AuditRecord) => `${COLUMNS.map((column) => cell(record[column])).join(',')}\r\n`,
};

/** The log as CSV or JSON lines, newest first, filtered, a page at a time however long it is. That it was exported is on record. */
export async function exportAuditEvents(context: Context, { format, ...filter }: ExportAuditQuery): Promise<ReadableStream<string>> {
  await db.$transaction((tx) => recordAudit(tx, context, { action: 'audit.exported', metadata: { format, ...filter } }));
  let after: { createdAt: Date; seq: number } | undefined;
  return new ReadableStream<string>({
    start: (controller) => {
      if (format === 'csv') controller.enqueue(`${COLUMNS.join(',')}\r\n`);
    },
    pull: async (controller) => {
      const rows = await findRecords(context, filter, { after, take: PAGE });
      const last = rows.at(-1);
      if (last) controller.enqueue(rows.map((row) => lineOf[format](recordOf(row))).join(''));
      if (!last || rows.length < PAGE) return controller.close();
      after = { createdAt: last.created_at, seq: last.seq };
    },
  });
}
