import type { ProjectWire } from '#lib/http/wire/project.ts';
import type { Standing } from './standing.ts';

export type OverviewView = 'all' | 'production' | 'non_production';

export interface OverviewRow {
  project: ProjectWire;
  standing: Standing;
}

export interface OverviewGroup {
  title: string;
  rows: OverviewRow[];
}

/** Unknown stands above failed, failed above what waits for a worker or a person, that above what cannot be rotated. */
const URGENCY: readonly Standing['kind'][] = ['unknown', 'failed', 'waiting', 'two-work', 'ok', 'unprovable'];

const urgency = ({ standing }: OverviewRow): number => URGENCY.indexOf(standing.kind);

/** The rows by need, filtered by environment and by a text in project, role or server. Empty groups are left out. */
export function overviewGroups(all: readonly OverviewRow[], view: OverviewView, filter: string): OverviewGroup[] {
  const text = filter.trim().toLowerCase();
  const rows = all
    .filter(({ project }) => view === 'all' || project.environment === view)
    .filter(({ project }) => text === '' || `${project.name} ${project.role_name} ${project.public_host}`.toLowerCase().includes(text));
  const needs = rows.filter((row) => row.standing.group === 'needs').sort((a, b) => urgency(a) - urgency(b) || byName(a, b));
  const fine = rows.filter((row) => row.standing.group === 'fine').sort(byName);
  return [
    { title: 'Needs a person', rows: needs },
    { title: 'Fine', rows: fine },
  ].filter((group) => group.rows.length > 0);
}

const byName = (a: OverviewRow, b: OverviewRow): number => a.project.name.localeCompare(b.project.name);
