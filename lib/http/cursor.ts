import { invalidField } from '#lib/errors.ts';

/** Where a page of a newest-first list ended. */
export interface Position {
  createdAt: Date;
  id: string;
}

/** The position as the opaque text clients send back. */
export const encodeCursor = ({ createdAt, id }: Position): string => Buffer.from(`${createdAt.toISOString()} ${id}`).toString('base64url');

/** Reads a cursor. Throws validation_failed for `cursor`. */
export function decodeCursor(cursor: string): Position {
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const createdAt = new Date(time);
  if (Number.isNaN(createdAt.getTime()) || id === '') throw invalidField('cursor', 'Send the next_cursor of the page before, unchanged.');
  return { createdAt, id };
}
