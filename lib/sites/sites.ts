import { Prisma } from '#generated/prisma/client.ts';
import type { DatabaseState } from '#generated/prisma/enums.ts';
import { authorize } from '#lib/access/authorize.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { CreateSiteBody, SiteQuery, SiteWire, UpdateSiteBody } from '#lib/contract/vector/site.ts';
import { publicId } from '#lib/contract/vector/site-names.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { insertVerification, wakeVerification } from '#lib/logins/insert-verification.ts';
import { revealPassword } from '#lib/logins/reveal-password.ts';
import { wakeDeliveries } from '#lib/outbox/record-event.ts';
import { decodeSorted, encodeSorted, escapeLike, inOrder, type SortedRow } from '#lib/paging/cursor.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';
import { forgetProject } from '#lib/projects/delete-project.ts';
import { keyedTags, setTags } from '#lib/projects/set-tags.ts';
import { takePasswordGuess } from '#lib/projects/take-password-guess.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { adoptSiteDatabase, readDatabase } from './adopt-site-database.ts';
import { forgetEnvironment } from './environments.ts';
import { currentOf, loadSite, named, SITE_PARTS, type SiteRow } from './load-site.ts';
import { recordSiteEvent } from './record-lifecycle.ts';
import { renameProject, siteProjectName } from './site-name.ts';
import { siteToWire } from './to-wire.ts';

/** A site as its reader may see it: an API key that may read credentials gets the password too, and the audit log tells. */
async function showSite(tx: Tx, context: Context, row: SiteRow): Promise<SiteWire> {
  const { actor } = context;
  if (actor.kind !== 'api_key' || !actor.scopes.includes('credentials:read')) return siteToWire(row);
  return siteToWire(row, await revealPassword(tx, context, row.projectId, currentOf(row.project.database)));
}

/**
 * Adopts a site with its development database and starts the job that proves the login. Nothing on the server changes.
 * @throws {DomainError} validation_failed naming the field, rotation_in_progress
 */
export async function createSite(context: Context, body: CreateSiteBody): Promise<SiteWire> {
  const { organizationId } = context;
  const target = readDatabase(body.database);
  await takePasswordGuess(context, target.direct);
  const id = newId('sit');
  const { jobId, login, told } = await db.$transaction(async (tx) => {
    const adopted = await adoptSiteDatabase(tx, context, target, {
      name: siteProjectName({ devDomain: body.dev_domain ?? null, partnerCustomerId: body.partner_customer_id }, null),
      environment: 'non_production',
      tags: keyedTags(body.tags ?? []),
    });
    const externalId = body.id ?? null;
    if (externalId !== null && (await tx.site.findFirst({ where: named(context, externalId), select: { id: true } })))
      throw invalidField('id', 'Another site has this id. Leave it out, or use the id that this one has on its platform.');
    const created = await tx.site.create({
      data: {
        id,
        organizationId,
        externalId,
        projectId: adopted.id,
        partnerCustomerId: body.partner_customer_id,
        tags: body.tags ?? [],
        devDomain: body.dev_domain ?? null,
        devPhpVersion: body.dev_php_version ?? null,
        wpConfigPath: body.wp_config_path ?? null,
      },
    });
    await recordAudit(tx, context, {
      action: 'site.adopted',
      projectId: adopted.id,
      metadata: { site_id: publicId(created), partner_customer_id: body.partner_customer_id },
    });
    return { ...adopted, told: await recordSiteEvent(tx, context, 'created', await loadSite(context, id, tx)) };
  });
  await wakeDeliveries(told);
  wakeVerification(jobId, login);
  return siteToWire(await loadSite(context, id));
}

/** Changes what is named; a new file is checked by a job. Throws not_found, forbidden for a key that may not read the password. */
export async function updateSite(context: Context, siteId: string, body: UpdateSiteBody): Promise<SiteWire> {
  const { site, check, told } = await db.$transaction(async (tx) => {
    const before = await loadSite(context, siteId, tx);
    const isNewPath = body.wp_config_path !== undefined && body.wp_config_path !== before.wpConfigPath;
    // The password is written there.
    if (isNewPath && body.wp_config_path) authorize(context, 'credentials.read');
    const after = await tx.site.update({
      where: { id: before.id },
      data: {
        ...(body.partner_customer_id !== undefined && { partnerCustomerId: body.partner_customer_id }),
        ...(body.tags !== undefined && { tags: body.tags }),
        ...(body.dev_domain !== undefined && { devDomain: body.dev_domain }),
        ...(body.dev_php_version !== undefined && { devPhpVersion: body.dev_php_version }),
        ...(isNewPath && { wpConfigPath: body.wp_config_path ?? null, wpConfigError: null }),
      },
    });
    for (const { projectId, name } of [{ projectId: before.projectId, name: null }, ...before.environments])
      await renameProject(tx, projectId, siteProjectName(before, name), siteProjectName(after, name));
    if (body.tags !== undefined) await setTags(tx, before.project, keyedTags(body.tags));
    await recordAudit(tx, context, {
      action: 'site.updated',
      projectId: before.projectId,
      metadata: { site_id: publicId(before), partner_customer_id: after.partnerCustomerId, fields: Object.keys(body) },
    });
    // A worker finds out whether the file can be written; one that is rotating finds it out by itself.
    const { database } = before.project;
    const isChecked = isNewPath && body.wp_config_path && database.state !== 'rotating_credentials';
    const jobId = isChecked ? await insertVerification(tx, context, { id: before.projectId, databaseId: database.id }) : null;
    const shown = await loadSite(context, before.id, tx);
    return { site: siteToWire(shown), check: jobId && { jobId, login: database }, told: await recordSiteEvent(tx, context, 'updated', shown) };
  });
  await wakeDeliveries(told);
  if (check) wakeVerification(check.jobId, check.login);
  return site;
}

/** Forgets a site with its environments and their passwords. Their databases stay as they are. Throws not_found, rotation_in_progress, conflict. */
export async function deleteSite(context: Context, siteId: string): Promise<void> {
  const told = await db.$transaction(async (tx) => {
    const site = await loadSite(context, siteId, tx);
    const messages: Message<'webhook.deliver'>[] = [];
    for (const environment of site.environments) messages.push(...(await forgetEnvironment(tx, context, environment)));
    messages.push(...(await recordSiteEvent(tx, context, 'deleted', site)));
    await recordAudit(tx, context, {
      action: 'site.forgotten',
      projectId: site.projectId,
      metadata: { site_id: publicId(site), partner_customer_id: site.partnerCustomerId },
    });
    await tx.site.delete({ where: { id: site.id } });
    await forgetProject(tx, context, site.projectId);
    return messages;
  });
  await wakeDeliveries(told);
}

/** One site with its environments. Throws not_found. */
export const getSite = (context: Context, siteId: string): Promise<SiteWire> =>
  db.$transaction(async (tx) => showSite(tx, context, await loadSite(context, siteId, tx)));

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
