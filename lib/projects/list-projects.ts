import { Prisma } from '#generated/prisma/client.ts';
import { reachableProjects } from '#lib/access/visible-projects.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import type { ProjectQuery } from '#lib/contract/project-list.ts';
import type { Context } from '#lib/kernel/context.ts';
import { ask, db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { decodeSorted, encodeSorted, escapeLike, inOrder } from '#lib/paging/cursor.ts';
import { type Chosen, chooseByStanding, isToldByStandings, NOT_URGENT, rankOf } from './choose-by-standing.ts';
import { currentStandings } from './current-standings.ts';
import { SHOWN_PARTS } from './shown-parts.ts';
import { type ProjectStanding, wordsOf } from './standings.ts';
import { projectToWire } from './to-wire.ts';

/** Answered where no `limit` is given. */
const WHOLE = 500;

interface Order {
  value: Prisma.Sql;
  type: Prisma.Sql;
  direction: Prisma.Sql;
}

const BY_NAME = { value: Prisma.sql`p.name`, type: Prisma.sql`text` };
const BY_AGE = { value: Prisma.sql`coalesce(d.rotated_at, d.created_at)`, type: Prisma.sql`timestamptz` };
const BY_CREATION = { value: Prisma.sql`p.created_at`, type: Prisma.sql`timestamptz` };
const [UP, DOWN] = [Prisma.sql`ASC`, Prisma.sql`DESC`];

/** What each order sorts by; its id follows in the same direction. */
const SORTS: Record<Exclude<ProjectQuery['sort'], 'relevance'>, Order> = {
  name: { ...BY_NAME, direction: UP },
  '-name': { ...BY_NAME, direction: DOWN },
  // The youngest password has the latest time.
  age: { ...BY_AGE, direction: DOWN },
  '-age': { ...BY_AGE, direction: UP },
  created_at: { ...BY_CREATION, direction: UP },
  '-created_at': { ...BY_CREATION, direction: DOWN },
  urgency: { value: Prisma.sql`coalesce(needing.rank, ${NOT_URGENT}) || ' ' || p.name`, type: Prisma.sql`text`, direction: UP },
};

/** Names that begin with the first word above those with a word that does, then the others. */
function byRelevance(q: string | undefined): Order {
  const [word] = wordsOf(q);
  if (word === undefined) return SORTS.name;
  const like = escapeLike(word);
  const rank = Prisma.sql`CASE WHEN p.name ILIKE ${`${like}%`} THEN 0 WHEN p.name ~* ${`\\m${word.replace(/[^\p{L}\p{N}]/gu, '\\$&')}`} THEN 1 ELSE 2 END`;
  return { value: Prisma.sql`(${rank}) || ' ' || p.name`, type: Prisma.sql`text`, direction: UP };
}

function conditions(context: Context, query: ProjectQuery): Prisma.Sql[] {
  const { q, engine, environment, state, older_than_days: days, of_site: ofSite, login_of: loginOf, ids, tag, policy, overdue } = query;
  const reachable = reachableProjects(context);
  const all = [Prisma.sql`p.organization_id = ${context.organizationId}`];
  if (reachable !== null) all.push(Prisma.sql`p.id = ANY(${[...reachable]}::text[])`);
  for (const word of wordsOf(q)) all.push(Prisma.sql`lower(concat_ws(E'\\n', p.name, d.role_name, d.host)) LIKE ${`%${escapeLike(word)}%`}`);
  if (engine) all.push(Prisma.sql`s.engine = ${engine}::"EngineName"`);
  if (environment) all.push(Prisma.sql`p.environment = ${environment}::"ProjectEnvironment"`);
  if (state) all.push(Prisma.sql`d.state = ${state}::"DatabaseState"`);
  if (days !== undefined) all.push(Prisma.sql`${BY_AGE.value} <= now() - make_interval(days => ${days}::int)`);
  if (ids) all.push(Prisma.sql`p.id = ANY(${ids}::text[])`);
  if (loginOf) all.push(Prisma.sql`p.database_id = (SELECT database_id FROM projects WHERE id = ${loginOf} AND organization_id = ${context.organizationId})`);
  if (tag !== undefined) {
    const at = tag.indexOf('=');
    all.push(Prisma.sql`EXISTS (SELECT FROM project_tags t WHERE t.project_id = p.id AND t.key = ${tag.slice(0, at)} AND t.value = ${tag.slice(at + 1)})`);
  }
  if (policy !== undefined) all.push(policy === 'none' ? Prisma.sql`d.policy_id IS NULL` : Prisma.sql`d.policy_id = ${policy}`);
  if (overdue !== undefined) all.push(Prisma.sql`coalesce(d.due_at < now(), false) = ${overdue}`);
  const isOfSite = Prisma.sql`(EXISTS (SELECT FROM sites WHERE project_id = p.id) OR EXISTS (SELECT FROM environments WHERE project_id = p.id))`;
  if (ofSite !== undefined) all.push(ofSite ? isOfSite : Prisma.sql`NOT ${isOfSite}`);
  return all;
}

/** Those in which a person has something to do, each with its place among them; joined as `needing`. */
function joinNeeding(standings: ProjectStanding[]): Prisma.Sql {
  const needing = standings.filter(({ needs }) => needs);
  const [ids, ranks] = [needing.map(({ id }) => id), needing.map(rankOf)];
  return Prisma.sql`LEFT JOIN unnest(${ids}::text[], ${ranks}::int[]) AS needing(id, rank) ON needing.id = p.id`;
}

/** The first `count` projects behind `after`, found by the store. */
async function chooseInStore(context: Context, query: ProjectQuery, after: Chosen | null, count: number): Promise<Chosen[]> {
  const { value, type, direction } = query.sort === 'relevance' ? byRelevance(query.q) : SORTS[query.sort];
  const where = conditions(context, query);
  if (after) where.push(Prisma.sql`(${value}, p.id) ${direction === UP ? Prisma.sql`>` : Prisma.sql`<`} (${after.value}::${type}, ${after.id})`);
  const { needs_attention: needs } = query;
  if (needs !== undefined) where.push(needs ? Prisma.sql`needing.id IS NOT NULL` : Prisma.sql`needing.id IS NULL`);
  const needing = needs !== undefined || query.sort === 'urgency' ? joinNeeding(await currentStandings(context)) : Prisma.empty;
  return ask<Chosen>(Prisma.sql`
    SELECT p.id, (${value})::text AS value FROM projects p JOIN databases d ON d.id = p.database_id JOIN servers s ON s.id = d.server_id ${needing}
    WHERE ${Prisma.join(where, ' AND ')} ORDER BY ${value} ${direction}, p.id ${direction} LIMIT ${count}`);
}

/** The first `count` projects that match, behind `after`. */
export async function chooseProjects(context: Context, query: ProjectQuery, after: Chosen | null, count: number): Promise<Chosen[]> {
  const told = isToldByStandings(query) ? chooseByStanding(await currentStandings(context), query, after, count) : null;
  return told ?? (await chooseInStore(context, query, after, count));
}

/**
 * A page of the projects that the actor may see. Throws not_found for an organization that is not the actor's,
 * validation_failed for `cursor`.
 */
export async function listProjects(context: Context, query: ProjectQuery): Promise<{ projects: ProjectWire[]; next_cursor?: string }> {
  if (query.organization_id !== undefined && query.organization_id !== context.organizationId) throw notFound('organization');
  const size = query.limit ?? WHOLE;
  const after = query.cursor === undefined ? null : decodeSorted(query.cursor, query.sort);
  const found = await chooseProjects(context, query, after, size + 1);
  const page = found.slice(0, size);
  const last = page.at(-1);
  const ids = page.map(({ id }) => id);
  const rows = await db.project.findMany({ where: { id: { in: ids } }, include: SHOWN_PARTS, relationLoadStrategy: 'join' });
  return {
    projects: inOrder(ids, rows).map(projectToWire),
    ...(found.length > size && last && { next_cursor: encodeSorted(query.sort, last) }),
  };
}
