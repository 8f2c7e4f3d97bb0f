import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { CommandFailure, EXIT } from '#cli/exit-codes.ts';
import { openClient } from '#cli/open-client.ts';
import { printJson, printLine, printTable, tell } from '#cli/print.ts';
import { startProgress } from '#cli/progress.ts';
import type { ApiClient } from '#lib/contract/api-client.ts';
import {
  type CheckedRowWire,
  type ImportCheckWire,
  type ImportedRowWire,
  type ImportWire,
  importAnswer,
  importCheckAnswer,
  importedRowList,
} from '#lib/contract/import.ts';
import {
  CHECKED_LOGINS_MAX,
  decodeImportFile,
  type FileRow,
  formatOf,
  ImportFileError,
  type ImportFormat,
  splitImportFile,
  toJsonLines,
} from '#lib/contract/import-file.ts';

interface Options {
  dryRun?: boolean;
  logins: boolean;
  format?: ImportFormat;
  wait?: boolean;
  json?: boolean;
}

interface File {
  format: ImportFormat;
  content: string;
}

const POLL_MS = 1_000;

/** The file, or standard input for `-`. A file that cannot be read ends the command, naming the line. */
function readImport(path: string, format: ImportFormat | undefined): File & { rows: FileRow[] } {
  try {
    const file = { format: format ?? formatOf(path), content: decodeImportFile(readFileSync(path === '-' ? 0 : path)) };
    return { ...file, rows: splitImportFile(file.format, file.content).rows };
  } catch (error) {
    if (error instanceof ImportFileError) throw new CommandFailure(EXIT.usage, `${error.message} Nothing was sent.`);
    throw new CommandFailure(EXIT.usage, `Could not read ${path}. Nothing was sent.`);
  }
}

const check = async (client: ApiClient, file: File, logins: boolean): Promise<ImportCheckWire> =>
  (await client.send('POST', '/imports/dry-run', { format: file.format, content: file.content, check_logins: logins }, importCheckAnswer)).import_check;

/** The dry run, with a login for each row that is new: some at a time, as the API takes them. */
async function dryRun(client: ApiClient, { rows, ...file }: File & { rows: FileRow[] }, logins: boolean): Promise<CheckedRowWire[]> {
  const { rows: checked } = await check(client, file, false);
  if (!logins) return checked;
  const byLine = new Map(checked.map((row) => [row.line, row]));
  const fresh = rows.filter(({ line }) => byLine.get(line)?.verdict === 'new');
  const progress = startProgress();
  for (let at = 0; at < fresh.length; at += CHECKED_LOGINS_MAX) {
    progress.show(`Checked ${at} of ${fresh.length} logins`);
    const content = toJsonLines(fresh.slice(at, at + CHECKED_LOGINS_MAX));
    for (const row of (await check(client, { format: 'jsonl', content }, true)).rows) byLine.set(row.line, row);
  }
  progress.end();
  return [...byLine.values()];
}

const reasonsOf = ({ reasons }: Pick<CheckedRowWire, 'reasons'>): string =>
  reasons.map(({ field, text }) => (field === 'row' ? text : `${field}: ${text}`)).join(' ');

function printRows(rows: (CheckedRowWire | ImportedRowWire)[]): void {
  if (rows.length > 0)
    printTable(
      ['LINE', 'NAME', 'REASON'],
      rows.map((row) => [String(row.line), row.name ?? '-', reasonsOf(row)]),
    );
}

async function showDryRun(client: ApiClient, file: File & { rows: FileRow[] }, { logins, json }: Options): Promise<void> {
  const rows = await dryRun(client, file, logins);
  const of = (verdict: CheckedRowWire['verdict']) => rows.filter((row) => row.verdict === verdict);
  if (json) printJson({ rows });
  else printRows(of('will_not_work'));
  tell(
    `${of('new').length} of ${rows.length} rows are ready to import, ${of('already_here').length} are already here, ${of('will_not_work').length} will not work.`,
  );
  tell('Nothing is stored, and no password was changed.');
  if (of('will_not_work').length > 0) process.exitCode = EXIT.rowsFailed;
}

async function failedRows(client: ApiClient, id: string): Promise<ImportedRowWire[]> {
  const rows: ImportedRowWire[] = [];
  for (let cursor: string | undefined = '0'; cursor !== undefined; ) {
    const page: { rows: ImportedRowWire[]; next_cursor?: string | undefined } = await client.get(
      `/imports/${id}/rows?state=failed&limit=1000&cursor=${cursor}`,
      importedRowList,
    );
    rows.push(...page.rows);
    cursor = page.next_cursor;
  }
  return rows;
}

async function follow(client: ApiClient, id: string): Promise<ImportWire> {
  const progress = startProgress();
  try {
    for (;;) {
      const { import: one } = await client.get(`/imports/${id}`, importAnswer);
      if (one.state !== 'running') return one;
      progress.show(`${one.total - one.counts.pending} of ${one.total} rows done`);
      await delay(POLL_MS);
    }
  } finally {
    progress.end();
  }
}

export function addImport(program: Command): void {
  program
    .command('import')
    .description('add a project for each connection URL of a CSV or JSON Lines file; nothing rotates')
    .argument('<file>', 'columns: name, url, pooled_url, tags, policy; - reads standard input')
    .option('--dry-run', 'check each row and its login, and store nothing')
    .option('--no-logins', 'with --dry-run: do not log in')
    .option('--format <format>', 'csv or jsonl; otherwise what the file’s name says')
    .option('--wait', 'wait until each row has landed or failed')
    .option('--json', 'the rows of the dry run, or the import, as the API answers them')
    .action(async (path: string, options: Options) => {
      const { format, wait, json } = options;
      if (format !== undefined && format !== 'csv' && format !== 'jsonl') throw new CommandFailure(EXIT.usage, '--format: use csv or jsonl.');
      const client = openClient();
      const file = readImport(path, format);
      if (options.dryRun) return showDryRun(client, file, options);
      const body = { format: file.format, content: file.content, ...(path !== '-' && { name: basename(path).slice(0, 120) }) };
      const started = (await client.send('POST', '/imports', body, importAnswer)).import;
      const ended = wait ? await follow(client, started.id) : started;
      if (json) printJson({ import: ended });
      else if (wait) printRows(await failedRows(client, started.id));
      else printLine(started.id);
      const { imported, already_here: here, failed, canceled } = ended.counts;
      if (!wait) return;
      tell(`${imported} of ${ended.total} rows imported, ${here} were already here, ${failed} failed${canceled > 0 ? `, ${canceled} were canceled` : ''}.`);
      if (failed + canceled > 0) process.exitCode = EXIT.rowsFailed;
    });
}
