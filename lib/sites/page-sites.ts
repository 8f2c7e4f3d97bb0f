import { Prisma } from '#generated/prisma/client.ts';
import type { DatabaseState } from '#generated/prisma/enums.ts';
import type { SiteQuery, SiteWire } from '#lib/contract/vector/site.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { escapeLike } from '#lib/paging/escape-like.ts';
import { inOrder } from '#lib/paging/in-order.ts';
import { decodeSorted, encodeSorted, type SortedRow } from '#lib/paging/sorted-cursor.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';
import { SITE_PARTS } from './load-site.ts';
import { showSite } from './show-site.ts';

/** The states of a database by the status they are shown as; a site is in no other status. */
const STATES: Partial<Record<string, DatabaseState>> = {
  active: 'ready',
  resetting: 'rotating_credentials',
  verifying: 'verifying',
  needs_attention: 'needs_attention',
};

/** What each order sorts by; its id follows in the same direction. */
const SORTS: Record<NonNullable<SiteQuery['sort']>, { value: Prisma.Sql; type: Prisma.Sql }> = {
  created_at: { value: Prisma.sql`w.created_at`, type: Prisma.sql`timestamptz` },
  updated_at: { value: Prisma.sql`w.updated_at`, type: Prisma.sql`timestamptz` },
  status: { value: Prisma.sql`d.state`, type: Prisma.sql`"DatabaseState"` },
  your_customer_id: { value: Prisma.sql`w.partner_customer_id`, type: Prisma.sql`text` },
  partner_customer_id: { value: Prisma.sql`w.partner_customer_id`, type: Prisma.sql`text` },
};

/** Whether a database of the site `w` meets a condition on `own`. */
const hasDatabase = (condition: Prisma.Sql) => Prisma.sql`EXISTS (
  SELECT FROM projects op JOIN databases own ON own.id = op.database_id
  WHERE (op.id = w.project_id OR op.id IN (SELECT project_id FROM environments WHERE site_id = w.id)) AND ${condition})`;

function conditions(context: Context, query: SiteQuery): Prisma.Sql[] {
  const { partner_customer_id, your_customer_id, tag, search, status, policy, overdue } = query;
  const all = [Prisma.sql`w.organization_id = ${context.organizationId}`];
  for (const customer of [partner_customer_id, your_customer_id]) if (customer !== undefined) all.push(Prisma.sql`w.partner_customer_id = ${customer}`);
  if (tag !== undefined) {
    const [key = '', ...value] = tag.split('=');
    all.push(Prisma.sql`(${tag} = ANY(w.tags) OR EXISTS (
      SELECT FROM project_tags t WHERE t.project_id = w.project_id AND t.key = ${key} AND t.value = ${value.join('=')}))`);
  }
  const like = search === undefined ? null : `%${escapeLike(search)}%`;
  if (like !== null) all.push(Prisma.sql`(w.partner_customer_id ILIKE ${like} OR w.dev_domain ILIKE ${like})`);
  if (status !== undefined) all.push(Prisma.sql`d.state = ${STATES[status] ?? null}::"DatabaseState"`);
  if (policy === 'none') all.push(Prisma.sql`NOT ${hasDatabase(Prisma.sql`own.policy_id IS NOT NULL`)}`);
  else if (policy !== undefined) all.push(hasDatabase(Prisma.sql`own.policy_id = ${policy}`));
  if (overdue !== undefined) all.push(Prisma.sql`${hasDatabase(Prisma.sql`own.due_at < now()`)} = ${overdue}`);
  return all;
}

/** A page of the organization's sites, by customer unless another order is asked for. Throws validation_failed for `cursor` and `page`. */
export function pageSites(context: Context, query: SiteQuery): Promise<Page<SiteWire>> {
  const { value, type } = SORTS[query.sort ?? 'partner_customer_id'];
  const isUp = query.sort === undefined || query.direction === 'asc';
  const order = `${query.sort ?? ''} ${isUp ? 'asc' : 'desc'}`;
  const after = query.cursor === undefined ? null : decodeSorted(query.cursor, order);
  if (query.page > 1 && (after || query.limit !== undefined)) throw invalidField('page', 'Send either page and per_page, or limit and cursor.');
  const size = query.limit ?? query.per_page;
  const where = conditions(context, query);
  const beyond = after ? Prisma.sql`AND (${value}, w.id) ${isUp ? Prisma.sql`>` : Prisma.sql`<`} (${after.value}::${type}, ${after.id})` : Prisma.empty;
  const direction = isUp ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const from = Prisma.sql`FROM sites w JOIN projects p ON p.id = w.project_id JOIN databases d ON d.id = p.database_id WHERE ${Prisma.join(where, ' AND ')}`;
  return db.$transaction(async (tx) => {
    const found = await tx.$queryRaw<SortedRow[]>`
      SELECT w.id, (${value})::text AS value ${from} ${beyond}
      ORDER BY ${value} ${direction}, w.id ${direction} LIMIT ${size + 1} OFFSET ${after ? 0 : rowsOf(query).skip}`;
    const page = found.slice(0, size);
    const ids = page.map(({ id }) => id);
    const rows = await tx.site.findMany({ where: { id: { in: ids } }, include: SITE_PARTS });
    const items: SiteWire[] = [];
    for (const row of inOrder(ids, rows)) items.push(await showSite(tx, context, row));
    const [counted] = await tx.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total ${from}`;
    const last = found.length > size ? page.at(-1) : undefined;
    return { items, total: counted?.total ?? 0, ...(last && { next_cursor: encodeSorted(order, last) }) };
  });
}
