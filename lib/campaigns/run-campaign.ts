import type { Campaign, Prisma } from '#generated/prisma/client.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { wakeDeliveries } from '#lib/outbox/record-event.ts';
import { attemptWork, holdClaim, type SharedClaim, settleClaim } from '#lib/queue/claim.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { UNSETTLED, WITH_ROTATION } from './find-due-campaigns.ts';
import { lockCampaign } from './load-campaign.ts';
import { readWaves, sumOf, type WaveProgress } from './read-progress.ts';
import { recordCampaign } from './record-campaign.ts';

/** Another rotation of the login is in progress: it may be all that is needed. */
const TRY_AGAIN_MS = 2_000;

/** A login whose rotation is to be requested. */
interface Pick {
  databaseId: string;
  projectId: string;
  isEnvironment: boolean;
}

/** Another attempt has requested the rotation, or the campaign is not running any more. */
class NotWanted extends Error {}

/**
 * Advances a campaign as far as possible now: settles rotations that have ended, stops it if too many failed, opens the
 * next wave, and requests ordinary rotations up to its limits. May be called at any time, by any number of workers, and
 * after any crash: each rotation and its record in the campaign are one transaction.
 */
export async function runCampaign(id: string, workerId: string): Promise<void> {
  await attemptWork('campaign.run', id, workerId, run);
}

async function run(claim: SharedClaim): Promise<void> {
  const known = await db.campaign.findUnique({ where: { id: claim.id }, select: { organizationId: true } });
  if (!known) return;
  await failpoint('campaign.loaded');
  for (;;) {
    const { campaign, picks, told } = await takeStock(claim, known);
    await wakeDeliveries(told);
    if (picks.length === 0) return;
    for (const pick of picks) await begin(claim, campaign, pick);
  }
}

interface Stock {
  campaign: Campaign;
  /** Logins to rotate next. If there are none, the claim is settled. */
  picks: Pick[];
  told: Message<'webhook.deliver'>[];
}

/** Settles what has ended and decides how the campaign goes on, in one transaction. */
function takeStock(claim: SharedClaim, known: { organizationId: string }): Promise<Stock> {
  return db.$transaction(async (tx) => {
    await holdClaim(tx, claim);
    const before = await lockCampaign(tx, known, claim.id);
    await settleRotations(tx, claim.id);
    const waves = await readWaves([claim.id], tx);
    const next = decide(before, waves);
    const campaign = next.data ? await tx.campaign.update({ where: { id: before.id }, data: next.data }) : before;
    const told = next.what ? await recordCampaign(tx, systemContext(before.organizationId), campaign, next.what) : [];
    const picks = campaign.state === 'running' ? await pickLogins(tx, campaign) : [];
    if (picks.length === 0) {
      await settleClaim(tx, claim);
      await tx.$executeRaw`
        UPDATE campaigns SET next_attempt_at = (SELECT min(next_attempt_at) FROM campaign_logins
          WHERE campaign_id = ${claim.id} AND wave <= ${campaign.wave} AND job_id IS NULL AND ended_at IS NULL AND next_attempt_at > now() AND ${campaign.state === 'running'})
        WHERE id = ${claim.id}`;
    }
    return { campaign, picks, told };
  });
}

/** Records rotations that have ended or need attention. A missing job was deleted with its login. */
const settleRotations = (tx: Tx, id: string) => tx.$executeRaw`
  UPDATE campaign_logins SET in_doubt = now_in_doubt, outcome = ended.outcome, error_code = ended.error_code, ended_at = CASE WHEN ended.outcome IS NOT NULL THEN clock_timestamp() END
  FROM (SELECT l.database_id, coalesce(r.state = 'needs_attention', false) AS now_in_doubt, CASE WHEN j.id IS NULL THEN 'not_found' WHEN j.state = 'failed' THEN coalesce(j.error_code, 'internal') END AS error_code,
      CASE WHEN j.id IS NULL THEN 'skipped' WHEN j.state = 'completed' THEN 'rotated' WHEN j.state = 'failed' THEN 'failed' END::"CampaignOutcome" AS outcome
    FROM campaign_logins l ${WITH_ROTATION} WHERE l.campaign_id = ${id} AND ${UNSETTLED}) ended
  WHERE campaign_logins.campaign_id = ${id} AND campaign_logins.database_id = ended.database_id`;

interface Decision {
  data?: Prisma.CampaignUpdateInput;
  what?: 'stopped' | 'completed';
}

/** Whether the campaign stops, opens another wave, or is complete. */
function decide(campaign: Campaign, waves: WaveProgress[]): Decision {
  const all = sumOf(waves);
  if (campaign.state !== 'running') {
    const isOver = campaign.state === 'aborted' && campaign.finishedAt === null && all.running + all.in_doubt === 0;
    return isOver ? { data: { finishedAt: storeTime() } } : {};
  }
  const stoppedBecause = whyStop(campaign, waves);
  if (stoppedBecause) return { data: { state: 'stopped', stoppedBecause }, what: 'stopped' };
  const open = waves.find((one) => one.running + one.in_doubt + one.waiting > 0);
  if (!open) return { data: { state: 'completed', finishedAt: storeTime(), wave: waves.at(-1)?.wave ?? 0 }, what: 'completed' };
  return open.wave > campaign.wave ? { data: { wave: open.wave } } : {};
}

function whyStop({ acceptedFailures, stopFailures, stopShare }: Campaign, waves: WaveProgress[]): string | null {
  const { failed, in_doubt: inDoubt, total } = sumOf(waves);
  const failures = failed + inDoubt - acceptedFailures;
  if (failures <= 0) return null;
  const [canary] = waves;
  if (canary?.wave === 0 && canary.failed + canary.in_doubt > acceptedFailures) return 'canary_failed';
  const isTooMany = (stopFailures !== null && failures >= stopFailures) || (stopShare !== null && failures * 100 >= stopShare * total);
  return isTooMany ? 'too_many_failures' : null;
}

/** Logins of the open waves that may start now, as many as the limits leave room for. */
const pickLogins = (tx: Tx, { id, wave, atOnce, atOncePerServer }: Campaign): Promise<Pick[]> => tx.$queryRaw<Pick[]>`
  WITH busy AS (SELECT server_id, count(*) FROM campaign_logins WHERE campaign_id = ${id} AND job_id IS NOT NULL AND ended_at IS NULL GROUP BY server_id),
  ready AS (SELECT l.*, coalesce(busy.count, 0) + row_number() OVER (PARTITION BY l.server_id ORDER BY l.position) AS place
    FROM campaign_logins l LEFT JOIN busy ON busy.server_id = l.server_id
    WHERE l.campaign_id = ${id} AND l.wave <= ${wave} AND l.job_id IS NULL AND l.ended_at IS NULL AND l.next_attempt_at <= now())
  SELECT ready.database_id AS "databaseId", coalesce(
      (SELECT p.id FROM projects p WHERE p.id = ready.project_id), (SELECT p.id FROM projects p WHERE p.database_id = ready.database_id ORDER BY p.created_at LIMIT 1), ready.project_id) AS "projectId",
    EXISTS (SELECT FROM environments e JOIN projects p ON p.id = e.project_id WHERE p.database_id = ready.database_id) AS "isEnvironment"
  FROM ready WHERE place <= ${atOncePerServer} ORDER BY position LIMIT greatest(0, ${atOnce} - (SELECT coalesce(sum(count), 0) FROM busy))`;

/** Requests one rotation, or records why it cannot. */
async function begin(claim: SharedClaim, campaign: Campaign, pick: Pick): Promise<void> {
  const { id, organizationId, name, startedBy, note, reason, closeSessions } = campaign;
  const also = async (tx: Tx, jobId: string) => {
    await holdClaim(tx, claim);
    const running = await tx.$queryRaw<unknown[]>`SELECT FROM campaigns WHERE id = ${id} AND state = 'running' FOR SHARE`;
    const { count } = await tx.campaignLogin.updateMany({
      where: { ...unended(id, pick), jobId: null },
      data: { jobId, startedAt: storeTime(), attempts: { increment: 1 } },
    });
    if (running.length === 0 || count === 0) throw new NotWanted();
    await refuseSecond(tx, campaign, pick, jobId);
    await failpoint('campaign.requested');
  };
  try {
    await requestRotation(
      systemContext(organizationId, `campaign ${name}`),
      pick.projectId,
      {
        ...(reason && { reason }),
        note: `Campaign ${name}, started by ${startedBy}${note ? `: ${note}` : '.'}`.slice(0, 500),
        close_sessions: closeSessions,
        // Running deployments must not be locked out, so the old password stays valid until the next deployment.
        ...(pick.isEnvironment && { retirement: 'on_deploy' as const }),
      },
      also,
    );
    await failpoint('campaign.committed');
  } catch (error) {
    if (error instanceof NotWanted) return;
    if (error instanceof RotatedSince) return end(claim, campaign, pick, { outcome: 'skipped', errorCode: 'rotated_since_start' });
    if (!(error instanceof DomainError)) throw error;
    if (error.code === 'rotation_in_progress') return tryLater(claim, campaign, pick);
    return end(claim, campaign, pick, { outcome: error.code === 'not_found' ? 'skipped' : 'failed', errorCode: error.code });
  }
}

const unended = (campaignId: string, { databaseId }: Pick) => ({ campaignId, databaseId, endedAt: null });

/** The login has had a new password since the campaign started, from someone else: what it is for is done. */
class RotatedSince extends Error {}

/** A rotation that another person, policy or campaign completed meanwhile is not made again. */
async function refuseSecond(tx: Tx, { createdAt }: Campaign, { databaseId }: Pick, jobId: string): Promise<void> {
  const rotated = await tx.rotation.count({ where: { databaseId, kind: 'rotate', state: 'completed', createdAt: { gte: createdAt }, jobId: { not: jobId } } });
  if (rotated > 0) throw new RotatedSince();
}

/** A write that counts only under the claim. */
const write = (claim: SharedClaim, { id }: Campaign, pick: Pick, data: Prisma.CampaignLoginUpdateManyMutationInput): Promise<void> =>
  db.$transaction(async (tx) => {
    await holdClaim(tx, claim);
    await tx.campaignLogin.updateMany({ where: { ...unended(id, pick), jobId: null }, data });
  });

const end = (claim: SharedClaim, campaign: Campaign, pick: Pick, how: { outcome: 'failed' | 'skipped'; errorCode: string }): Promise<void> =>
  write(claim, campaign, pick, { ...how, endedAt: storeTime() });

const tryLater = (claim: SharedClaim, campaign: Campaign, pick: Pick): Promise<void> =>
  write(claim, campaign, pick, { nextAttemptAt: storeTime(TRY_AGAIN_MS) });
