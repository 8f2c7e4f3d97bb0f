import { Prisma } from '#generated/prisma/client.ts';
import { RotationKind, type RotationState } from '#generated/prisma/enums.ts';
import { ask, planAnew } from '#lib/kernel/db.ts';
import { LIVE_STATES } from '#lib/rotation/machine/states.ts';
import { countByState, type Metric, single } from './metric.ts';

const OUTCOMES = ['completed', 'failed'] as const satisfies RotationState[];
const QUANTILES = [0.5, 0.95, 1];

interface Ended {
  kind: RotationKind;
  outcome: (typeof OUTCOMES)[number];
  count: number;
  /** Seconds by quantile; null where there is none. */
  took: number[] | null;
  wrong: number[] | null;
  unmeasured: number;
}

/** Rotations in progress. The list of states is the one of the partial index `rotations_live_target`. */
const readLive = () =>
  ask<{ state: RotationState; count: number; oldest: number }>(Prisma.sql`
    SELECT state, count(*)::int AS count, extract(epoch FROM now() - min(created_at))::float8 AS oldest FROM rotations
    WHERE state IN ('requested', 'staged', 'applying', 'verifying', 'promoted', 'needs_attention') GROUP BY state`);

/** Rotations that ended within the last hour. The time in which the stored URL was wrong stands in the step `promoted`, unless a crash has hidden it. */
const readEnded = () =>
  ask<Ended>(Prisma.sql`${planAnew}
    WITH ended AS (
      SELECT r.kind, r.state AS outcome, extract(epoch FROM r.finished_at - r.created_at)::float8 AS took, p.id IS NOT NULL AS is_promoted, p.duration_ms / 1000 AS wrong
      FROM rotations r LEFT JOIN LATERAL (
        SELECT s.id, s.duration_ms FROM rotation_steps s WHERE s.rotation_id = r.id AND s.kind = 'promoted' ORDER BY s.id DESC LIMIT 1) p ON true
      WHERE r.finished_at > now() - interval '1 hour')
    SELECT kind, outcome, count(*)::int AS count,
      percentile_disc(${QUANTILES}::float8[]) WITHIN GROUP (ORDER BY greatest(took, 0)) AS took,
      percentile_disc(${QUANTILES}::float8[]) WITHIN GROUP (ORDER BY wrong) AS wrong,
      count(*) FILTER (WHERE is_promoted AND wrong IS NULL)::int AS unmeasured
    FROM ended GROUP BY kind, outcome`);

const quantiles = (name: string, help: string, seconds: number[] | null | undefined): Metric => ({
  name,
  help,
  readings: (seconds ?? []).flatMap((value, i) => (value === null ? [] : [{ labels: { quantile: String(QUANTILES[i]) }, value }])),
});

/** How rotations fare: those in progress, and those that ended within the last hour. */
export async function readRotations(): Promise<Metric[]> {
  const [live, ended] = await Promise.all([readLive(), readEnded()]);
  const endedAs = (kind: RotationKind, outcome: Ended['outcome']) => ended.find((row) => row.kind === kind && row.outcome === outcome);
  const completed = endedAs('rotate', 'completed');
  return [
    countByState('rekey_rotations_live', 'Rotations in progress.', LIVE_STATES, live),
    single(
      'rekey_rotation_oldest_live_age_seconds',
      'Age of the oldest rotation in progress; 0 if there is none.',
      Math.max(0, ...live.map(({ oldest }) => oldest)),
    ),
    {
      name: 'rekey_rotations_ended_last_hour',
      help: 'Rotations that ended within the last hour. The kind retire ends an old password.',
      readings: Object.values(RotationKind).flatMap((kind) =>
        OUTCOMES.map((outcome) => ({ labels: { kind, outcome }, value: endedAs(kind, outcome)?.count ?? 0 })),
      ),
    },
    quantiles(
      'rekey_rotation_duration_last_hour_seconds',
      'Time from the request to the end, for new passwords completed within the last hour; absent if there are none.',
      completed?.took,
    ),
    quantiles(
      'rekey_stored_url_wrong_last_hour_seconds',
      'How long the stored URL was wrong, for new passwords completed within the last hour; absent if there are none.',
      completed?.wrong,
    ),
    single(
      'rekey_stored_url_wrong_unmeasured_last_hour',
      'New passwords completed within the last hour for which a crash hid how long the stored URL was wrong.',
      completed?.unmeasured ?? 0,
    ),
  ];
}
