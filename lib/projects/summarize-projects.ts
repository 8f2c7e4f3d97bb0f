import { type ProjectSummaryQuery, type ProjectSummaryWire, standingKind } from '#lib/contract/project-summary.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { currentStandings } from './current-standings.ts';
import { type ProjectStanding, wordsOf } from './standings.ts';

const DAY_MS = 86_400_000;
const MOST_NAMES = 3;

/** How many of the projects that the actor may see stand how, and how old their passwords are. */
export async function summarizeProjects(context: Context, { q, environment }: ProjectSummaryQuery): Promise<ProjectSummaryWire> {
  const words = wordsOf(q);
  const found = (await currentStandings(context)).filter(({ search }) => words.every((word) => search.includes(word)));
  const rows = found.filter((row) => environment === undefined || row.environment === environment);
  const count = (list: ProjectStanding[], holds: (row: ProjectStanding) => boolean) => list.filter(holds).length;
  return {
    total: rows.length,
    environments: {
      production: count(rows, (row) => row.environment === 'production'),
      non_production: count(rows, (row) => row.environment === 'non_production'),
    },
    needs_attention: count(rows, ({ needs }) => needs),
    standings: Object.fromEntries(standingKind.options.map((kind) => [kind, count(rows, (row) => row.kind === kind)])) as ProjectSummaryWire['standings'],
    unknown: count(rows, ({ kind, isProven }) => kind === 'unknown' && isProven),
    proven: count(rows, ({ kind, isProven }) => isProven && kind !== 'unknown' && kind !== 'failed'),
    ages: agesOf(rows),
  };
}

/** Several projects may use one login: its password is one. */
function agesOf(rows: ProjectStanding[]): ProjectSummaryWire['ages'] {
  const now = storeTime().getTime();
  const groups = new Map<string, ProjectSummaryWire['ages'][number]>();
  const seen = new Set<string>();
  for (const { databaseId, since, isAtLeast, name } of rows) {
    if (seen.has(databaseId)) continue;
    seen.add(databaseId);
    const days = Math.max(0, Math.floor((now - since) / DAY_MS));
    const key = `${days} ${isAtLeast}`;
    const group = groups.get(key) ?? { days, is_at_least: isAtLeast, logins: 0, names: [] };
    group.logins += 1;
    if (group.names.length < MOST_NAMES) group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => a.days - b.days || Number(a.is_at_least) - Number(b.is_at_least));
}
