import type { ProjectQuery } from '#lib/contract/project-list.ts';
import type { StandingKind } from '#lib/contract/project-summary.ts';
import { type ProjectStanding, wordsOf } from './standings.ts';

/** Unknown stands above failed, failed above what waits for a worker or a person, that above what cannot be rotated. */
const URGENCY: readonly StandingKind[] = ['unknown', 'failed', 'waiting', 'two-work', 'ok', 'unprovable'];
/** Behind all those in which a person has something to do. */
export const NOT_URGENT = URGENCY.length;

/** The place of a project among those in which a person has something to do, the most urgent first. */
export const rankOf = ({ needs, kind }: ProjectStanding): number => (needs ? URGENCY.indexOf(kind) : NOT_URGENT);

type Filter = 'q' | 'needs_attention' | 'of_site' | 'environment';
const FILTERS: ReadonlySet<string> = new Set<Filter>(['q', 'needs_attention', 'of_site', 'environment']);
const PAGE: ReadonlySet<string> = new Set(['organization_id', 'limit', 'cursor', 'sort']);

/** In the order of each sort; they come by name. The value is what a cursor of the store's holds for the same row. */
const SORTS: Partial<Record<ProjectQuery['sort'], { order: (rows: ProjectStanding[]) => ProjectStanding[]; value: (row: ProjectStanding) => string }>> = {
  name: { order: (rows) => rows, value: ({ name }) => name },
  '-name': { order: (rows) => rows.toReversed(), value: ({ name }) => name },
  urgency: { order: (rows) => rows.toSorted((a, b) => rankOf(a) - rankOf(b)), value: (row) => `${rankOf(row)} ${row.name}` },
};

/**
 * Whether the standings, which the process keeps, tell the page: it is found among them without a join and a sort of all
 * projects. The plain list by name is not asked of them: its index is as fast and needs no standing.
 */
export function isToldByStandings(query: ProjectQuery): boolean {
  const given = Object.keys(query).filter((name) => query[name as keyof ProjectQuery] !== undefined && !PAGE.has(name));
  return query.sort in SORTS && given.every((name) => FILTERS.has(name)) && (given.length > 0 || query.sort === 'urgency');
}

/** A project of a page, with what it is sorted by. */
export interface Chosen {
  id: string;
  value: string;
}

/**
 * The first `count` projects behind `after`, or from the beginning. Null where that project has another place by now or is
 * gone: only the store compares texts as it sorts them.
 */
export function chooseByStanding(standings: ProjectStanding[], query: ProjectQuery, after: Chosen | null, count: number): Chosen[] | null {
  const { q, needs_attention: needs, of_site: ofSite, environment, sort } = query;
  const { order, value } = SORTS[sort] ?? {};
  if (!order || !value) return null;
  const words = wordsOf(q);
  const sorted = order(standings);
  const from = after === null ? 0 : sorted.findIndex((row) => row.id === after.id && value(row) === after.value) + 1;
  if (after !== null && from === 0) return null;
  const chosen: Chosen[] = [];
  for (let at = from; at < sorted.length && chosen.length < count; at++) {
    const row = sorted[at] as ProjectStanding;
    const isMeant =
      (needs === undefined || row.needs === needs) &&
      (ofSite === undefined || row.isOfSite === ofSite) &&
      (environment === undefined || row.environment === environment) &&
      words.every((word) => row.search.includes(word));
    if (isMeant) chosen.push({ id: row.id, value: value(row) });
  }
  return chosen;
}
