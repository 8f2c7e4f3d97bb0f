'use client';

import { useRef, useState } from 'react';
import type { CheckedRowWire } from '#lib/contract/import.ts';
import { CHECKED_LOGINS_MAX, decodeImportFile, type FileRow, formatOf, ImportFileError, splitImportFile, toJsonLines } from '#lib/contract/import-file.ts';
import { checkImport } from './queries.ts';

/** Of a file, in bytes: what one request takes. */
const FILE_BYTES_MAX = 4_000_000;

export interface DraftRow {
  /** As in the file or as fixed, with its passwords. It stays in this page until it is imported. */
  row: FileRow;
  check: CheckedRowWire;
}

export interface Draft {
  name: string;
  bytes: number;
  columns: string[];
  rows: DraftRow[];
  /** When the dry run ended; null while it runs. */
  checkedAt: string | null;
  /** Of `loginsInAll`. */
  loginsChecked: number;
  loginsInAll: number;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'The dry run failed. Nothing was stored. Run it again.');

/** A row that cannot be read says so by itself; the others are asked about. */
async function check(rows: FileRow[], logins: boolean): Promise<CheckedRowWire[]> {
  const readable = rows.filter(({ fault }) => fault === null);
  const unreadable = rows.flatMap(({ line, fault }): CheckedRowWire[] =>
    fault
      ? [{ line, name: null, url: null, pooled_url: null, tags: {}, policy: null, reasons: [fault], verdict: 'will_not_work', project: null, login: null }]
      : [],
  );
  if (readable.length === 0) return unreadable;
  const answer = await checkImport({ format: 'jsonl', content: toJsonLines(readable), check_logins: logins });
  return [...answer.rows, ...unreadable];
}

/** A file that was chosen, what the dry run says of its rows, and their fixes. Passwords stay in memory. */
export function useImportDraft() {
  const [draft, setDraft] = useState<Draft | null>(null);
  const [error, setError] = useState<string | null>(null);
  /** Grows with every file: what an earlier one's dry run still finds counts no more. */
  const run = useRef(0);

  const change = (mine: number, with_: (draft: Draft) => Partial<Draft>) => setDraft((now) => (now && mine === run.current ? { ...now, ...with_(now) } : now));

  const put = (mine: number, checked: CheckedRowWire[]) => {
    const byLine = new Map(checked.map((one) => [one.line, one]));
    change(mine, ({ rows }) => ({ rows: rows.map(({ row, check: before }) => ({ row, check: byLine.get(row.line) ?? before })) }));
  };

  const checkAll = async (rows: FileRow[], file: Pick<Draft, 'name' | 'bytes' | 'columns'>): Promise<void> => {
    run.current += 1;
    const mine = run.current;
    setError(null);
    try {
      const checked = new Map((await check(rows, false)).map((one) => [one.line, one]));
      if (mine !== run.current) return;
      const all = rows.flatMap((row) => {
        const found = checked.get(row.line);
        return found ? [{ row, check: found }] : [];
      });
      const fresh = all.filter((one) => one.check.verdict === 'new').map(({ row }) => row);
      setDraft({ ...file, rows: all, checkedAt: null, loginsChecked: 0, loginsInAll: fresh.length });
      for (let at = 0; at < fresh.length; at += CHECKED_LOGINS_MAX) {
        put(mine, await check(fresh.slice(at, at + CHECKED_LOGINS_MAX), true));
        if (mine !== run.current) return;
        change(mine, () => ({ loginsChecked: Math.min(at + CHECKED_LOGINS_MAX, fresh.length) }));
      }
      change(mine, () => ({ checkedAt: new Date().toISOString() }));
    } catch (problem) {
      if (mine === run.current) setError(messageOf(problem));
    }
  };

  const load = async (name: string, content: Uint8Array): Promise<void> => {
    if (content.byteLength > FILE_BYTES_MAX) return setError('The file is larger than 4 MB. Split it, and import the parts one after the other.');
    try {
      const { columns, rows } = splitImportFile(formatOf(name), decodeImportFile(content));
      await checkAll(rows, { name, bytes: content.byteLength, columns });
    } catch (problem) {
      setError(problem instanceof ImportFileError ? `${problem.message} Nothing was sent.` : messageOf(problem));
    }
  };

  /** Checks a row alone, with its login, after these changes. */
  const fix = async (line: number, changes: Partial<FileRow>): Promise<void> => {
    const mine = run.current;
    const found = draft?.rows.find(({ row }) => row.line === line);
    if (!found) return;
    const row = { ...found.row, ...changes };
    const [checked] = await check([row], true);
    if (checked) change(mine, ({ rows }) => ({ rows: rows.map((one) => (one.row.line === line ? { row, check: checked } : one)) }));
  };

  const again = () =>
    draft &&
    void checkAll(
      draft.rows.map(({ row }) => row),
      draft,
    );
  const clear = () => {
    run.current += 1;
    setDraft(null);
    setError(null);
  };
  return { draft, error, load, fix, again, clear };
}
