// The audit log at a million records: a page far back against the first one, and what verification reads a second.

import { listAuditEvents } from '#lib/audit/read-events.ts';
import type { AuditQuery } from '#lib/contract/audit.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { encodeCursor } from '#lib/paging/cursor.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { addManyRecords } from '#scripts/testing/many-records.ts';
import { percentile } from './percentile.ts';

const PAGE = 50;
const FAR = 1_000;
const TRIES = 100;
const WARM_UP = 20;

export interface PageTimes {
  /** Of the first page and of the thousandth, p50, ms. */
  first: number;
  far: number;
}

async function timePage(organizationId: string, query: AuditQuery): Promise<number> {
  const started = performance.now();
  const { audit_events: events } = await listAuditEvents(systemContext(organizationId), query);
  if (events.length !== PAGE) throw new Error('a page is not whole');
  return performance.now() - started;
}

/** Fills a log with `count` records and reads its first page and its thousandth in turns, for each way it may be narrowed. */
export async function benchAuditPages(count: number): Promise<Record<string, PageTimes>> {
  const organizationId = await makeOrganization();
  await addManyRecords(organizationId, count);
  const times: Record<string, PageTimes> = {};
  for (const [name, filter] of Object.entries({ all: {}, 'one action': { action: 'session.created' } })) {
    // So many records of it lie between two of its pages.
    const between = name === 'all' ? PAGE : PAGE * 5;
    const seq = count - FAR * between + 1;
    const cursor = encodeCursor({ createdAt: new Date(Date.UTC(2026, 0, 1) + seq * 1_000), seq });
    const [first, far]: [number[], number[]] = [[], []];
    for (let i = 0; i < TRIES + WARM_UP; i++) {
      const pair = [await timePage(organizationId, { ...filter, limit: PAGE }), await timePage(organizationId, { ...filter, limit: PAGE, cursor })] as const;
      if (i < WARM_UP) continue;
      first.push(pair[0]);
      far.push(pair[1]);
    }
    times[name] = { first: percentile(first, 0.5), far: percentile(far, 0.5) };
  }
  return times;
}
