import { beforeAll, describe, expect, it } from 'vitest';
import { Prisma } from '#generated/prisma/client.ts';
import type { AuditFilter } from '#lib/contract/audit.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { addManyRecords } from '#scripts/testing/many-records.ts';
import { findRecords, recordsQuery } from './read-events.ts';
import { recordAudit } from './record-audit.ts';

interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

const COUNT = 20_000;
let organizationId: string;
beforeAll(async () => {
  organizationId = await makeOrganization();
  await addManyRecords(organizationId, COUNT);
}, 180_000);

const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)];

async function explain(filter: AuditFilter, after?: { createdAt: Date; seq: number }): Promise<{ indexes: string[]; nodes: string[]; discarded: number }> {
  const query = recordsQuery(systemContext(organizationId), filter, { after, take: 51 });
  const [row] = await db.$queryRaw<[{ 'QUERY PLAN': [{ Plan: Plan }] }]>(Prisma.sql`EXPLAIN (ANALYZE, FORMAT JSON) ${query}`);
  const plans = flatten(row['QUERY PLAN'][0].Plan);
  return {
    indexes: plans.flatMap((plan) => plan['Index Name'] ?? []),
    nodes: plans.map((plan) => plan['Node Type']),
    discarded: plans.reduce((sum, plan) => sum + (plan['Rows Removed by Filter'] ?? 0), 0),
  };
}

describe('a page of the log', () => {
  it.each<[string, AuditFilter, string]>([
    ['nothing', {}, 'created_at'],
    ['action', { action: 'session.created' }, 'action'],
    ['the name of an actor', { actor: 'person3@example.com' }, 'actor_name'],
    ['the id of an actor', { actor: 'usr_1111111111111111' }, 'actor_id'],
    ['project', { project: 'prj_42' }, 'project_id'],
    ['outcome', { outcome: 'refused' }, 'outcome'],
    ['time', { from: '2026-01-01T01:00:00Z', to: '2026-01-01T02:00:00Z' }, 'created_at'],
  ])('is read in its order from an index when narrowed by %s, and no more than it', async (_name, filter, column) => {
    const { indexes, nodes, discarded } = await explain(filter);
    expect(indexes).toEqual([expect.stringContaining(column)]);
    expect([nodes.includes('Seq Scan'), nodes.includes('Sort'), discarded]).toEqual([false, false, 0]);
  });

  it('is read as directly far back', async () => {
    const far = await explain({}, { createdAt: new Date('2026-01-01T00:30:00Z'), seq: 1_800 });
    expect(far).toMatchObject({ indexes: [expect.stringContaining('created_at')], discarded: 0 });
    const rows = await findRecords(systemContext(organizationId), {}, { after: { createdAt: new Date('2026-01-01T00:30:00Z'), seq: 1_800 }, take: 2 });
    expect(rows.map(({ seq }) => seq)).toEqual([1_799, 1_798]);
  });

  it('is searched by trigrams where few match', async () => {
    const { indexes, nodes } = await explain({ q: 'req_c4ca4238a0b923820dcc509a6f75849b' });
    expect([indexes, nodes.includes('Seq Scan')]).toEqual([['audit_events_search'], false]);
    const found = await findRecords(systemContext(organizationId), { q: 'C4CA4238A0B923820DCC509A6F75849B' }, { take: 10 });
    expect(found.map(({ seq }) => seq)).toEqual([1]);
  });
});

it('finds exactly what needs attention, also as earlier versions recorded it', async () => {
  const own = await makeOrganization();
  const entries = [
    { action: 'project.updated' },
    { action: 'deployment.failed' },
    { action: 'deployment.completed' },
    { action: 'project.integration_drifted' },
    { action: 'session.confirmation_requested' },
    { action: 'session.refused' },
    { action: 'member.departure_completed', outcome: 'failed' },
    { action: 'member.departure_completed' },
    // As earlier versions did.
    { action: 'deployment.failed', outcome: 'done', metadata: { earlier: true } },
    { action: 'access.refused', metadata: { code: 'reauthentication_required' } },
    { action: 'access.refused', metadata: { code: 'forbidden' } },
  ] as const;
  for (const entry of entries) await db.$transaction((tx) => recordAudit(tx, systemContext(own), entry));
  const rows = await findRecords(systemContext(own), { outcome: 'needs_attention' }, { take: 50 });
  expect(rows.map(({ seq, action, outcome }) => `${seq} ${action} ${outcome}`)).toEqual([
    '11 access.refused refused',
    '9 deployment.failed done',
    '7 member.departure_completed failed',
    '6 session.refused refused',
    '4 project.integration_drifted unknown',
    '2 deployment.failed failed',
  ]);
});
