import { describe, expect, it } from 'vitest';
import type { DepartureWire } from '#lib/contract/member.ts';
import { departureWords, listNames, takesAway } from './member-words.ts';

const departure = (...credentials: [string, DepartureWire['credentials'][number]['state'], string?][]): DepartureWire => ({
  id: 'dep_1',
  organization_id: 'org_1',
  user_id: 'usr_1',
  email: 'contractor@example.com',
  removed_by: 'owner@example.com',
  requested_by: null,
  created_at: '2026-11-21T14:02:10.000Z',
  finished_at: null,
  total: credentials.length,
  rotated: 0,
  running: 0,
  failed: 0,
  credentials: credentials.map(([name, state, code]) => ({
    database_id: name,
    role_name: `${name}_app`,
    project_id: name,
    project_name: name === '' ? null : name,
    versions: [1],
    state,
    job_id: null,
    error_code: code ?? null,
  })),
});

describe('what became of what was seen', () => {
  it('names each by how it stands', () => {
    expect(departureWords(departure(['shop', 'rotated'], ['analytics', 'open']))).toBe(
      'Of the 2 passwords they had seen, shop is rotated; analytics is not rotated.',
    );
    expect(departureWords(departure(['shop', 'rotating'], ['blog', 'waiting'], ['web', 'awaits_deployment'], ['', 'failed', 'project_not_ready']))).toBe(
      'Of the 4 passwords they had seen, shop and blog are being rotated; web is rotated with the next deployment; _app is not rotated (its login is not proven).',
    );
    expect(departureWords(departure(['shop', 'failed', 'server_unreachable']))).toBe(
      'Of the 1 password they had seen, shop is not rotated; the attempt failed.',
    );
  });

  it('says so where nothing is left', () => {
    expect(departureWords(departure(['shop', 'rotated'], ['blog', 'rotated']))).toBe('All 2 passwords they had seen are rotated.');
    expect(departureWords(departure(['shop', 'rotated']))).toBe('The password they had seen is rotated: shop.');
  });
});

it('of many names the first are told', () => {
  expect(listNames(['a', 'b', 'c', 'd'])).toBe('a, b, c and d');
  expect(listNames(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
});

it('knows what takes something away', () => {
  const of = (role: 'admin' | 'viewer', project_ids: string[] | null) => ({ role, project_ids });
  expect(takesAway(of('viewer', ['a']), of('admin', ['a', 'b']))).toBe(false);
  expect(takesAway(of('viewer', ['a']), of('viewer', null))).toBe(false);
  expect(takesAway(of('admin', null), of('viewer', null))).toBe(true);
  expect(takesAway(of('admin', null), of('admin', ['a']))).toBe(true);
  expect(takesAway(of('admin', ['a', 'b']), of('admin', ['b', 'c']))).toBe(true);
});
