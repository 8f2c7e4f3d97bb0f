import { expect, test } from 'vitest';
import type { ProjectWire } from '#lib/contract/project.ts';
import { projectStanding, provenAt } from './standing.ts';

const project = (change: Partial<ProjectWire> = {}): ProjectWire => ({
  id: 'prj_1',
  organization_id: 'org_1',
  name: 'shop',
  slug: 'shop',
  environment: 'production',
  engine: 'postgresql',
  state: 'ready',
  database_name: 'shop',
  role_name: 'shop_app',
  public_host: 'pg-1.internal',
  direct_port: 5432,
  pooled_port: 6432,
  pooled_host: 'pg-1.internal',
  ssl_mode: 'require',
  last_error: null,
  latest_job_id: null,
  rotated_at: null,
  created_at: '2026-11-01T00:00:00Z',
  updated_at: '2026-11-01T00:00:00Z',
  sends_plaintext: false,
  server_version: '18.0',
  rotator_name: null,
  urls: { direct: 'postgresql://app:@db.example.com:5432/shop', pooled: null },
  credential: { version: 1, direct_proven_at: '2026-11-21T06:00:00Z', pooled_proven_at: '2026-11-21T06:00:01Z', created_at: '2026-11-01T00:00:00Z' },
  rights: null,
  cannot_rotate: null,
  retiring: [],
  site: null,
  protection: { text: null, direct: null, pooled: null, allows_md5: false, refused_keys: [] },
  policy: null,
  tags: {},
  consumers: { total: 0, up_to_date: 0, waiting: 0, job_id: null },
  old_sessions: null,
  ...change,
});

test('a proven password is fine, and the later login counts', () => {
  expect(projectStanding(project())).toMatchObject({ group: 'fine', title: 'Works', act: { label: 'Rotate' } });
  expect(provenAt(project())).toBe('2026-11-21T06:00:01Z');
});

test('running work needs no person, even with an older error', () => {
  expect(projectStanding(project({ state: 'rotating_credentials', last_error: 'x' })).group).toBe('fine');
  expect(projectStanding(project({ state: 'verifying' })).group).toBe('fine');
});

test('work that no worker does waits for somebody to start one', () => {
  const waits = (state: ProjectWire['state']) => projectStanding(project({ state }), true);
  expect(waits('rotating_credentials')).toMatchObject({ group: 'needs', kind: 'waiting', text: 'A rotation waits: no worker is running.' });
  expect(waits('verifying')).toMatchObject({ group: 'needs', title: 'Waiting for a worker', text: 'A connection check waits: no worker is running.' });
  expect(waits('ready')).toMatchObject({ group: 'fine', title: 'Works' });
});

test('what is unknown, failed, without rights or unproven needs a person', () => {
  const credential = { version: 1, direct_proven_at: null, pooled_proven_at: null, created_at: '2026-11-01T00:00:00Z' };
  const kinds = [
    project({ state: 'needs_attention' }),
    project({ state: 'needs_attention', credential }),
    project({ last_error: 'Nothing changed.' }),
    project({ cannot_rotate: 'No rights.' }),
    project({ credential }),
  ].map((one) => projectStanding(one));
  expect(kinds.map((one) => [one.group, one.kind])).toEqual([
    ['needs', 'unknown'],
    ['needs', 'failed'],
    ['needs', 'failed'],
    ['needs', 'unprovable'],
    ['needs', 'unknown'],
  ]);
});

test('two passwords that work: the next act is a deployment, or none where the older one ends by itself', () => {
  const site = { id: 'sit_1', name: 'bakery.example.com', environment: 'Production' };
  const credential = { version: 3, direct_proven_at: '2026-11-21T06:00:00Z', pooled_proven_at: null, created_at: '2026-11-01T00:00:00Z' };
  expect(projectStanding(project({ site, credential, retiring: [{ version: 2, retire_at: null }] }))).toMatchObject({
    group: 'needs',
    kind: 'two-work',
    title: 'Both passwords work',
    text: 'v3 is current. v2 ends once a deployment succeeds.',
    act: { label: 'Deploy', href: '/sites/sit_1' },
  });
  expect(projectStanding(project({ credential, retiring: [{ version: 2, retire_at: '2026-11-22T06:00:00Z' }] }))).toMatchObject({
    group: 'fine',
    title: 'Both passwords work',
    text: 'v3 is current. v2 ends by itself.',
  });
});

test('a database of a site is reset on its page', () => {
  const site = { id: 'sit_1', name: 'bakery.example.com', environment: null };
  expect(projectStanding(project({ site })).act).toEqual({ label: 'Reset', href: '/sites/sit_1' });
});

test('who still waits for the new password needs a person, with the list of the rotation', () => {
  const waiting = (count: number, jobId: string | null) =>
    projectStanding(project({ consumers: { total: 6, up_to_date: 6 - count, waiting: count, job_id: jobId } }));
  expect(waiting(2, 'job_1')).toMatchObject({
    group: 'needs',
    kind: 'ok',
    title: 'Rotated',
    text: '2 manual consumers are to be updated.',
    act: { label: 'Checklist', href: '/projects/prj_1/activity/job_1' },
  });
  expect(waiting(1, null)).toMatchObject({ title: 'Works', text: '1 manual consumer is to be updated.', act: { href: '/projects/prj_1/connections' } });
  expect(waiting(0, 'job_1').group).toBe('fine');
});
