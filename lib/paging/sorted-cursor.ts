import { invalidField } from '#lib/kernel/errors.ts';

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
