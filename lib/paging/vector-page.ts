import type { LinksWire, MetaWire, PageQuery } from '#lib/contract/vector/envelope.ts';
import { env } from '#lib/kernel/env.ts';

/** One page of a list, and how many there are in all. */
export interface Page<T> {
  items: T[];
  total: number;
  /** Where the list has cursors and goes on. */
  next_cursor?: string;
}

/** Prisma's words for a page. */
export const rowsOf = ({ page, per_page: perPage }: PageQuery) => ({ skip: (page - 1) * perPage, take: perPage });

/** A page by its number, or, of a list that has cursors, by the row it follows. */
type Asked = PageQuery & { limit?: number | undefined; cursor?: string | undefined };

/** Where a page stands among the others; its links keep the request's filters. A page by cursor has no number: it is the first, or has no positions. */
export function describePage(request: Request, query: Asked, { items, total, next_cursor: cursor }: Page<unknown>) {
  const perPage = query.limit ?? query.per_page;
  const isByCursor = query.limit !== undefined || query.cursor !== undefined;
  const lastPage = Math.max(1, Math.ceil(total / perPage));
  const { page } = query;
  const first = (page - 1) * perPage + 1;
  const hasPosition = items.length > 0 && query.cursor === undefined;
  const linkWith = (parameter: string, value: string | null): string => {
    const { pathname, search } = new URL(request.url);
    const link = new URL(pathname + search, env.NEXTAUTH_URL);
    if (value === null) link.searchParams.delete(parameter);
    else link.searchParams.set(parameter, value);
    return link.href;
  };
  const linkTo = (n: number) => linkWith('page', String(n));
  const links: LinksWire = isByCursor
    ? { first: linkWith('cursor', null), last: null, prev: null, next: cursor === undefined ? null : linkWith('cursor', cursor) }
    : { first: linkTo(1), last: linkTo(lastPage), prev: page > 1 ? linkTo(page - 1) : null, next: page < lastPage ? linkTo(page + 1) : null };
  const meta: MetaWire = {
    current_page: page,
    from: hasPosition ? first : null,
    to: hasPosition ? first + items.length - 1 : null,
    total,
    per_page: perPage,
    last_page: lastPage,
  };
  return { links, meta, ...(cursor !== undefined && { next_cursor: cursor }) };
}
