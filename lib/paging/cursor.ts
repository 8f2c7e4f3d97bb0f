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
