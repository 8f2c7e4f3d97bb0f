import { env } from '#lib/env.ts';
import type { LinksWire, MetaWire, PageQuery } from '#lib/http/wire/vector/envelope.ts';

/** One page of a list, and how many there are in all. */
export interface Page<T> {
  items: T[];
  total: number;
}

/** Prisma's words for a page. */
export const rowsOf = ({ page, per_page: perPage }: PageQuery) => ({ skip: (page - 1) * perPage, take: perPage });

/** Where a page stands among the others; its links keep the request's filters. */
export function describePage(request: Request, { page, per_page: perPage }: PageQuery, { items, total }: Page<unknown>): { links: LinksWire; meta: MetaWire } {
  const lastPage = Math.max(1, Math.ceil(total / perPage));
  const first = (page - 1) * perPage + 1;
  const linkTo = (n: number): string => {
    const { pathname, search } = new URL(request.url);
    const link = new URL(pathname + search, env.NEXTAUTH_URL);
    link.searchParams.set('page', String(n));
    return link.href;
  };
  return {
    links: { first: linkTo(1), last: linkTo(lastPage), prev: page > 1 ? linkTo(page - 1) : null, next: page < lastPage ? linkTo(page + 1) : null },
    meta: {
      current_page: page,
      from: items.length === 0 ? null : first,
      to: items.length === 0 ? null : first + items.length - 1,
      total,
      per_page: perPage,
      last_page: lastPage,
    },
  };
}
