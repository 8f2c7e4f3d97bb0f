import { invalidField } from '#lib/kernel/errors.ts';

/** Where a page of the audit log, newest first, ended. */
export interface Position {
  createdAt: Date;
  seq: number;
}

/** The position as the opaque text clients send back. */
export const encodeCursor = ({ createdAt, seq }: Position): string => Buffer.from(`${createdAt.toISOString()} ${seq}`).toString('base64url');

/** Reads a cursor. Throws validation_failed for `cursor`. */
export function decodeCursor(cursor: string): Position {
  const [time = '', seq = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const createdAt = new Date(time);
  if (Number.isNaN(createdAt.getTime()) || !/^\d{1,10}$/.test(seq)) throw invalidField('cursor', 'Send the next_cursor of the page before, unchanged.');
  return { createdAt, seq: Number(seq) };
}

/** A row of a page, with what it is sorted by, as text. */
export interface SortedRow {
  id: string;
  value: string;
}

/** Where a page ended, as the opaque text that clients send back. It holds for this order alone. */
export const encodeSorted = (sort: string, { value, id }: SortedRow): string => Buffer.from(JSON.stringify([sort, value, id])).toString('base64url');

/** Reads a cursor. Throws validation_failed for `cursor`. */
export function decodeSorted(cursor: string, sort: string): SortedRow {
  try {
    const [order, value, id, ...more]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (order === sort && typeof value === 'string' && typeof id === 'string' && more.length === 0) return { value, id };
  } catch {
    // Answered below.
  }
  throw invalidField('cursor', 'Send the next_cursor of the page before, unchanged, with the same sort.');
}

/**
 * The rows in the order of their ids; what is gone meanwhile is left out. A page of a long list is found by its ids alone and
 * loaded with all that belongs to it afterwards: joined in one query, that would be read for every row of the list.
 */
export function inOrder<R extends { id: string }>(ids: readonly string[], rows: readonly R[]): R[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** A text as LIKE finds it itself, and not as a pattern. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
