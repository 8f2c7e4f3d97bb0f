import { Prisma } from '#generated/prisma/client.ts';
import { UNSETTLED, WITH_ROTATION } from '#lib/campaigns/find-due-campaigns.ts';
import { ask } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import type { SharedKind } from '#lib/queue/claim.ts';
import { LIVE_STATES } from '#lib/rotation/machine/states.ts';

/** Spelled out as in the partial index `rotations_live_target`. */
const LIVE = Prisma.raw(LIVE_STATES.map((state) => `'${state}'`).join(', '));

/** Joins the claim on shared work, which holds the wait after an interrupted attempt. */
const claimOf = (kind: SharedKind, id: string): Prisma.Sql => Prisma.sql`LEFT JOIN work_claims work ON work.kind = ${kind} AND work.id = ${Prisma.raw(id)}`;

/**
 * For each kind of work, SQL for the earliest time at which some of it may begin; NULL where there is none. It may be
 * earlier than the truth, such as that of work in another worker's hands, never later: the kind's own query decides.
 */
const EARLIEST = {
  rotations: Prisma.sql`SELECT min(next_attempt_at) FROM rotations WHERE state IN (${LIVE})`,
  rescans: Prisma.sql`SELECT min(greatest(r.rescan_at, work.next_attempt_at)) FROM rotations r ${claimOf('sessions.rescan', 'r.id')}
    WHERE r.rescan_at IS NOT NULL AND r.state = 'completed'`,
  verifications: Prisma.sql`SELECT min(greatest(j.created_at, work.next_attempt_at)) FROM jobs j ${claimOf('connection.verify', 'j.id')}
    WHERE j.type = 'project.verify_connection' AND j.state IN ('queued', 'running')`,
  // The first one alone: a login that is not ready keeps its old passwords until it is.
  retirements: Prisma.sql`SELECT c.retire_at FROM credentials c JOIN databases d ON d.id = c.database_id
    WHERE c.state = 'retiring' AND c.retire_at IS NOT NULL AND d.state = 'ready' ORDER BY c.retire_at LIMIT 1`,
  syncs: Prisma.sql`SELECT min(next_attempt_at) FROM syncs WHERE finished_at IS NULL`,
  redeployments: Prisma.sql`SELECT min(next_attempt_at) FROM redeployments WHERE finished_at IS NULL`,
  deployments: Prisma.sql`SELECT min(next_attempt_at) FROM deployments WHERE state IN ('pending', 'deploying')`,
  rewraps: Prisma.sql`SELECT min(next_attempt_at) FROM key_rotations WHERE finished_at IS NULL`,
  departures: Prisma.sql`
    SELECT min(CASE WHEN j.id IS NULL THEN greatest(c.next_attempt_at, work.next_attempt_at) WHEN j.state IN ('completed', 'failed') THEN greatest(now(), work.next_attempt_at) END)
    FROM departure_credentials c LEFT JOIN jobs j ON j.id = c.job_id ${claimOf('departure.run', 'c.departure_id')}
    WHERE c.requested_at IS NOT NULL AND c.ended_at IS NULL`,
  // The job of a run ends at any time; a run whose server is busy with others stays due.
  policies: Prisma.sql`SELECT least((SELECT min(plan_at) FROM databases WHERE plan_at IS NOT NULL),
    (SELECT min(next_run_at) FROM databases WHERE next_run_at IS NOT NULL AND policy_job_id IS NULL),
    (SELECT now() FROM databases d JOIN jobs j ON j.id = d.policy_job_id WHERE d.policy_job_id IS NOT NULL AND j.state IN ('completed', 'failed') LIMIT 1))`,
  campaigns: Prisma.sql`SELECT least(
    (SELECT min(greatest(c.next_attempt_at, work.next_attempt_at)) FROM campaigns c ${claimOf('campaign.run', 'c.id')} WHERE c.next_attempt_at IS NOT NULL),
    (SELECT min(greatest(now(), work.next_attempt_at)) FROM campaign_logins l ${WITH_ROTATION} ${claimOf('campaign.run', 'l.campaign_id')} WHERE ${UNSETTLED}))`,
  imports: Prisma.sql`SELECT min(greatest(coalesce((SELECT min(r.next_attempt_at) FROM import_rows r WHERE r.import_id = i.id AND r.state = 'pending'), now()), work.next_attempt_at))
    FROM imports i ${claimOf('import.run', 'i.id')} WHERE i.finished_at IS NULL`,
  // Without a mail server they wait until there is one.
  mails:
    env.REKEY_SMTP_URL === undefined
      ? Prisma.sql`SELECT NULL::timestamptz`
      : Prisma.sql`SELECT least((SELECT min(next_attempt_at) FROM mails WHERE state = 'pending'), (SELECT min(not_before) FROM notices WHERE mail_id IS NULL))`,
  // Of each endpoint the first: what waits for an endpoint that is switched off may be much.
  deliveries: Prisma.sql`SELECT min(first.next_attempt_at) FROM webhook_endpoints e CROSS JOIN LATERAL (
    SELECT d.next_attempt_at FROM deliveries d WHERE d.endpoint_id = e.id AND d.state = 'pending' ORDER BY d.next_attempt_at LIMIT 1
  ) first WHERE e.is_active`,
} as const;

export type DueKind = keyof typeof EARLIEST;
const KINDS = Object.keys(EARLIEST) as DueKind[];

const COLUMNS = Prisma.join(
  KINDS.map((kind) => Prisma.sql`extract(epoch FROM (${EARLIEST[kind]}) - now())::float8 * 1000 AS ${Prisma.raw(kind)}`),
  ', ',
);

/**
 * The kinds of work of which some may be due, and in how many ms more will be: null where none is waiting. One
 * statement for all kinds, so that a store with nothing to do is asked little.
 */
export async function nextDue(): Promise<{ due: Set<DueKind>; nextMs: number | null }> {
  const [row] = await ask<Record<DueKind, number | null>>(Prisma.sql`SELECT ${COLUMNS}`);
  const waits = KINDS.map((kind) => [kind, row?.[kind] ?? null] as const);
  const later = waits.flatMap(([, ms]) => (ms !== null && ms > 0 ? [ms] : []));
  return { due: new Set(waits.flatMap(([kind, ms]) => (ms !== null && ms <= 0 ? [kind] : []))), nextMs: later.length > 0 ? Math.min(...later) : null };
}
