import { expect, test } from 'vitest';
import type { ProjectWire } from '#lib/http/wire/project.ts';
import { overviewGroups } from './overview-groups.ts';
import { projectStanding } from './standing.ts';

const proven = { version: 1, direct_proven_at: '2026-11-21T06:00:00Z', pooled_proven_at: null, created_at: '2026-11-01T00:00:00Z' };
const base = {
  id: 'x',
  environment: 'production',
  state: 'ready',
  role_name: 'app',
  public_host: 'pg-1',
  last_error: null,
  rights: null,
  cannot_rotate: null,
  retiring: [],
  site: null,
  credential: proven,
  consumers: { total: 0, up_to_date: 0, waiting: 0, job_id: null },
} as unknown as ProjectWire;
const projects: ProjectWire[] = [
  { ...base, name: 'zebra' },
  { ...base, name: 'broken', last_error: 'Nothing changed.' },
  { ...base, name: 'alpha', environment: 'non_production', public_host: 'pg-2' },
  { ...base, name: 'lost', state: 'needs_attention' },
  { ...base, name: 'fresh', credential: { ...proven, direct_proven_at: null } },
];
const rows = projects.map((project) => ({ project, standing: projectStanding(project) }));
const names = (groups: ReturnType<typeof overviewGroups>) => groups.map((group) => [group.title, ...group.rows.map((row) => row.project.name)]);

test('the unknown stands first, then the failed, then the rest, each by name', () => {
  expect(names(overviewGroups(rows, 'all', ''))).toEqual([
    ['Needs a person', 'fresh', 'lost', 'broken'],
    ['Fine', 'alpha', 'zebra'],
  ]);
});

test('environment and text narrow it, and an empty group is left out', () => {
  expect(names(overviewGroups(rows, 'non_production', ''))).toEqual([['Fine', 'alpha']]);
  expect(names(overviewGroups(rows, 'all', ' PG-2 '))).toEqual([['Fine', 'alpha']]);
  expect(overviewGroups(rows, 'all', 'nobody')).toEqual([]);
});
