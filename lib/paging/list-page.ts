import type { ListQuery } from '#lib/contract/common.ts';
import { invalidField } from '#lib/kernel/errors.ts';

/** Where a page of a list ended that goes by time, then id. */
interface Position {
  createdAt: Date;
  id: string;
}

const encode = ({ createdAt, id }: Position): string => Buffer.from(`${createdAt.toISOString()} ${id}`).toString('base64url');

function decode(cursor: string): Position {
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const createdAt = new Date(time);
  if (Number.isNaN(createdAt.getTime()) || !/^\w{1,64}$/.test(id)) throw invalidField('cursor', 'Send the next_cursor of the page before, unchanged.');
  return { createdAt, id };
}

/**
 * What a query needs for a page of a list in the given order: its condition, for the column `idField`, and how many rows.
 * Without `limit` it is the whole list. Throws validation_failed for `cursor`.
 */
export function pageOf<F extends 'id' | 'userId'>({ limit, cursor }: ListQuery, order: 'asc' | 'desc', idField: F) {
  const after = cursor === undefined ? undefined : decode(cursor);
  const beyond = <T>(value: T) => (order === 'desc' ? { lt: value } : { gt: value });
  const where = after ? { OR: [{ createdAt: beyond(after.createdAt) }, { createdAt: after.createdAt, [idField]: beyond(after.id) }] } : {};
  return {
    where,
    orderBy: [{ createdAt: order }, { [idField]: order }] as ({ createdAt: typeof order } | { [field in F]: typeof order })[],
    // One more tells whether there is a next page.
    ...(limit !== undefined && { take: limit + 1 }),
  };
}

/** The rows of the page, and the cursor of the next one where there is one. */
export function cutPage<R extends { createdAt: Date }>(
  rows: R[],
  { limit }: ListQuery,
  idOf: (row: R) => string,
): { rows: R[]; next: { next_cursor?: string } } {
  const last = limit === undefined ? undefined : rows[limit - 1];
  if (limit === undefined || rows.length <= limit || !last) return { rows, next: {} };
  return { rows: rows.slice(0, limit), next: { next_cursor: encode({ createdAt: last.createdAt, id: idOf(last) }) } };
}
