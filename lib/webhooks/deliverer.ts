import { setTimeout as delay } from 'node:timers/promises';
import { Prisma } from '#generated/prisma/client.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { type Ask, ask, db, planAnew } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { type ClaimedDelivery, claimDeliveries } from '#lib/outbox/claim-deliveries.ts';
import { isNewlyAccepted, judgeEndpoints } from './judge-endpoints.ts';
import { type LoadedDelivery, loadClaimed } from './load-claimed.ts';
import { type Judged, outcomeOf } from './outcome-of.ts';
import { type Tried, tryDelivery } from './try-delivery.ts';

/** Writes what came of tries, all in one statement, unless a newer try has begun; and what that says of their endpoints. */
async function recordTries(tries: Tried[]): Promise<void> {
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

/** Tries begun at once. One that is not answered by SLOW_MS no longer counts: a thousand dead receivers do not fill the way. */
const AT_ONCE = 256;
const SLOW_MS = 250;
/** More is claimed when so many may begin: one statement for many. */
const WORTH_ASKING = 64;
/** How long outcomes gather before they are written. */
const GATHER_MS = 5;

/**
 * Delivers what is due, many at a time: claimed in one statement, sent side by side, and what came of them written in
 * one statement for all that ended meanwhile. A crash anywhere in it leads to one more try under the same id.
 */
export class Deliverer {
  readonly #workerId: string;
  readonly #clock: () => Date;
  /** Claimed and not yet written, each with its receiver. */
  readonly #inHand = new Map<string, string>();
  readonly #sending = new Set<Promise<void>>();
  #counted = 0;
  #isAsked = false;
  #mayBeMore = false;
  #isDraining = false;
  #claiming: Promise<void> | null = null;
  #ended: Tried[] = [];
  #writing: Promise<void> | null = null;

  constructor(workerId: string, clock: () => Date = storeTime) {
    this.#workerId = workerId;
    this.#clock = clock;
  }

  /** Looks for what is due, now or as soon as there is room for it. */
  wake(): void {
    this.#isAsked = true;
    if (this.#mayClaim()) this.#claiming ??= this.#claim();
  }

  /** Takes nothing more on; resolves when what was begun is written. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    await this.#claiming;
    await Promise.all(this.#sending);
    await this.#writing;
  }

  #mayClaim(): boolean {
    return this.#isAsked && !this.#isDraining && AT_ONCE - this.#counted >= WORTH_ASKING;
  }

  async #claim(): Promise<void> {
    while (this.#mayClaim()) {
      this.#isAsked = false;
      try {
        const { claimed, mayBeMore } = await claimDeliveries({ workerId: this.#workerId, limit: AT_ONCE - this.#counted, inHand: this.#inHand });
        this.#mayBeMore = mayBeMore;
        if (claimed.length > 0) await this.#begin(claimed);
      } catch (error) {
        log.warn({ error: describeError(error) }, 'deliveries could not be claimed');
      }
    }
    this.#claiming = null;
  }

  async #begin(claimed: ClaimedDelivery[]): Promise<void> {
    await failpoint('deliver.claimed');
    const loaded = await loadClaimed(claimed);
    await failpoint('deliver.loaded');
    for (const delivery of loaded) {
      this.#inHand.set(delivery.id, delivery.receiver);
      const sending = this.#send(delivery).finally(() => this.#sending.delete(sending));
      this.#sending.add(sending);
    }
  }

  async #send(delivery: LoadedDelivery): Promise<void> {
    const release = this.#count();
    try {
      this.#ended.push(await tryDelivery(delivery, this.#clock));
      await failpoint('deliver.sent');
      this.#writing ??= this.#write();
    } catch (error) {
      this.#inHand.delete(delivery.id);
      log.error({ delivery: delivery.id, error: describeError(error) }, 'delivery failed');
    } finally {
      release();
    }
  }

  /** Counts a try until it is released or slow. */
  #count(): () => void {
    this.#counted += 1;
    let isCounted = true;
    const release = () => {
      clearTimeout(timer);
      if (!isCounted) return;
      isCounted = false;
      this.#counted -= 1;
      if (this.#mayClaim()) this.wake();
    };
    const timer = setTimeout(release, SLOW_MS);
    return release;
  }

  /** While one batch is written the next one gathers. */
  async #write(): Promise<void> {
    while (this.#ended.length > 0) {
      await delay(GATHER_MS);
      const batch = this.#ended.splice(0);
      try {
        await recordTries(batch);
        await failpoint('deliver.recorded');
      } catch (error) {
        log.error({ deliveries: batch.length, error: describeError(error) }, 'outcomes could not be recorded: the deliveries are repeated');
      }
      for (const { delivery } of batch) this.#inHand.delete(delivery.id);
      if (this.#mayBeMore) this.wake();
    }
    this.#writing = null;
  }
}
