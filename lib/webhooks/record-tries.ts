import { Prisma } from '#generated/prisma/client.ts';
import { type Ask, ask, db, planAnew } from '#lib/kernel/db.ts';
import { isNewlyAccepted, judgeEndpoints } from './judge-endpoints.ts';
import { type Judged, outcomeOf } from './outcome-of.ts';
import type { Tried } from './try-delivery.ts';

/** Writes what came of tries, all in one statement, unless a newer try has begun; and what that says of their endpoints. */
export async function recordTries(tries: Tried[]): Promise<void> {
  const judged = tries.map((tried): Judged => ({ ...tried, outcome: outcomeOf(tried) }));
  const telling = judged.filter((one) => one.outcome.state !== 'delivered' || one.delivery.endpoint.failingSince !== null || isNewlyAccepted(one));
  if (telling.length === 0) return void (await writeTries(ask, judged));
  await db.$transaction((tx) => judgeEndpoints(tx, telling, () => writeTries((statement) => tx.$queryRaw(statement), judged)));
}

const rowOf = ({ delivery, startedAt, endedAt, latencyMs, requestHeaders, answer, outcome }: Judged) => ({
  id: delivery.id,
  fence: delivery.fence,
  number: delivery.attempts,
  state: outcome.state,
  next_attempt_at: outcome.nextAttemptAt,
  delivered_at: outcome.state === 'delivered' ? endedAt : null,
  last_error: outcome.lastError,
  at: startedAt,
  latency_ms: latencyMs,
  request_headers: requestHeaders,
  response_status: outcome.responseStatus,
  response_headers: 'status' in answer ? answer.headers : null,
  response_body: 'status' in answer ? answer.text : null,
  failure: outcome.failure,
});

/** Answers the deliveries whose try was still the latest one. */
async function writeTries(run: Ask, judged: Judged[]): Promise<Set<string>> {
  const written = await run<{ id: string }>(Prisma.sql`${planAnew}
    WITH told AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(judged.map(rowOf))}::jsonb) AS t(
        id text, fence int, number int, state "DeliveryState", next_attempt_at timestamptz, delivered_at timestamptz, last_error text, at timestamptz,
        latency_ms int, request_headers jsonb, response_status int, response_headers jsonb, response_body text, failure text)
    ), written AS (
      UPDATE deliveries d SET state = told.state, next_attempt_at = coalesce(told.next_attempt_at, d.next_attempt_at),
        delivered_at = told.delivered_at, last_error = told.last_error, response_status = told.response_status,
        claimed_by = NULL, lease_until = NULL, updated_at = now()
      FROM told WHERE d.id = told.id AND d.fence = told.fence AND d.state = 'pending'
      RETURNING d.id, d.organization_id
    )
    INSERT INTO delivery_attempts (delivery_id, fence, organization_id, number, at, latency_ms, request_headers, response_status, response_headers, response_body, failure)
    SELECT id, fence, organization_id, number, at, latency_ms, request_headers, response_status, nullif(response_headers, 'null'), response_body, failure
    FROM told JOIN written USING (id)
    RETURNING delivery_id AS id`);
  return new Set(written.map(({ id }) => id));
}
