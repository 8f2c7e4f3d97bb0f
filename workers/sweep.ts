import { publishCheckpoints } from '#lib/audit/publish-checkpoints.ts';
import { findDueChains, verifyDueChain } from '#lib/audit/verify.ts';
import { findDueCampaigns } from '#lib/campaigns/find-due-campaigns.ts';
import { findDueDepartures } from '#lib/departures/run-departure.ts';
import { findDueDeployments } from '#lib/deployments/claim-deployment.ts';
import { findDueKeyRotations } from '#lib/encryption/claim-key-rotation.ts';
import { findDueImports } from '#lib/imports/find-due-imports.ts';
import { checkDrift, claimDueDriftChecks } from '#lib/integrations/check-drift.ts';
import { findDueRedeployments } from '#lib/integrations/claim-redeployment.ts';
import { findDueSyncs } from '#lib/integrations/claim-work.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { reportUnforeseen } from '#lib/kernel/report-unforeseen.ts';
import { forgetOldLimits } from '#lib/limits/limits.ts';
import { formMails } from '#lib/notifications/form-mails.ts';
import { sendDueMails } from '#lib/notifications/send-due-mails.ts';
import { pruneEvents } from '#lib/outbox/prune-events.ts';
import { type DuePolicyWork, findDuePolicyWork } from '#lib/policies/find-due.ts';
import { planLogins } from '#lib/policies/plan-logins.ts';
import { recordMissed } from '#lib/policies/record-missed.ts';
import { reportOverdueSoon } from '#lib/policies/report-overdue-soon.ts';
import { requestRun } from '#lib/policies/request-run.ts';
import { settleRun } from '#lib/policies/settle-run.ts';
import { forgetOldClaims } from '#lib/queue/claim.ts';
import { pruneHistory } from '#lib/retention/prune-history.ts';
import { retireDue } from '#lib/rotation/request/request-retirement.ts';
import { rescanSessions } from '#lib/rotation/sessions/rescan-sessions.ts';
import { findDueWork } from '#lib/sweep/find-due-work.ts';
import { nextDue } from '#lib/sweep/next-due.ts';
import { checkConnections } from './connection-check.ts';
import {
  advanceRotationJob,
  type Dispatch,
  redeployJob,
  rewrapJob,
  runCampaignJob,
  runDepartureJob,
  runDeploymentJob,
  runImportJob,
  syncIntegrationJob,
  verifyConnectionJob,
} from './jobs.ts';
import { periodically } from './periodically.ts';

/** Once an hour: reports passwords that will be overdue within a week. */
const reportOverdueHourly = periodically('overdue', 3_600_000, 'logins that will be overdue were not reported', () => reportOverdueSoon());

/** Plans, requests and settles the runs of policies that a sweep found due. The rotations that it requests are ordinary ones. */
function runPolicies({ hasPlans, missed, runs, ended }: DuePolicyWork, { lanes, workerId }: Dispatch): void {
  const run = (id: string, failed: string, work: () => Promise<unknown>) =>
    lanes.run('policies', id, () =>
      work().then(
        () => undefined,
        (error: unknown) => log.error({ id, error: describeError(error) }, failed),
      ),
    );
  if (hasPlans)
    run('policy plans', 'planning failed', async () => {
      while (!lanes.isDraining && (await planLogins()) > 0);
    });
  for (const id of missed) run(`policy missed ${id}`, 'recording a missed window failed', () => recordMissed(id));
  for (const id of runs) run(id, 'policy run failed', () => requestRun(id, workerId));
  for (const id of ended) run(`policy ended ${id}`, 'settling a policy run failed', () => settleRun(id));
}

/** Looks at integrations whose time has come, in lanes beside those of the syncs: a look keeps no password waiting. */
const checkIntegrations = periodically('checks', 30_000, 'no integration was checked', async ({ lanes, workerId }) => {
  for (const { id, provider } of await claimDueDriftChecks()) lanes.run(`check ${provider}`, `check ${id}`, () => look(id, workerId));
});

const look = (id: string, workerId: string): Promise<void> =>
  checkDrift(id, workerId).catch((error: unknown) => log.error({ integration: id, error: describeError(error) }, 'drift check failed'));

/** Looks after the audit chains, one after the other. */
const verifyAuditChains = periodically('audit chains', 30_000, 'an audit chain was not verified', async ({ workerId }) => {
  for (const organizationId of await findDueChains()) await verifyDueChain(organizationId, workerId);
});

const PUBLISH_MS = 600_000;

/** Brings checkpoints off the store. */
const publishAuditCheckpoints = periodically('audit checkpoints', PUBLISH_MS, 'audit checkpoints were not published', ({ workerId }) =>
  publishCheckpoints(workerId),
);

/** Puts due notices into mails and sends those that are due, beside everything else: a mail server that is slow holds up nothing. */
function sendMails({ lanes, workerId }: Dispatch): void {
  lanes.run('mails', 'mails', async () => {
    try {
      await formMails();
      while (!lanes.isDraining && (await sendDueMails(workerId)) > 0);
    } catch (error) {
      log.error({ error: describeError(error) }, 'mails were not sent');
    }
  });
}

/** Once an hour: deletes what has ended and is kept no longer, and the limits and repeatable answers of their day. */
const pruneHourly = periodically('prune', 3_600_000, 'old data was not pruned', () =>
  Promise.all([pruneEvents(), pruneHistory(), forgetOldLimits(), forgetOldClaims()]),
);

/** While work is due or in progress, a sweep follows the last one after so long: a worker that died is soon replaced. */
const BUSY_MS = 1_000;
/** With nothing to do, after so long: what nothing announced waits for it. */
const IDLE_MS = 4_000;
const SOONEST_MS = 250;

/**
 * Starts all work that is due and that nobody does: the queue's messages are a convenience, this is the guarantee. With
 * nothing due it is one statement. Returns after how many ms the next sweep is needed.
 */
export async function sweep(dispatch: Dispatch): Promise<number> {
  const inHand = dispatch.lanes.ids();
  const { workerId } = dispatch;
  pruneHourly(dispatch);
  reportOverdueHourly(dispatch);
  verifyAuditChains(dispatch);
  publishAuditCheckpoints(dispatch);
  checkIntegrations(dispatch);
  checkConnections(dispatch);
  const { due: kinds, nextMs } = await nextDue();
  if (kinds.has('deliveries')) dispatch.deliverer.wake();
  const [due, syncs, redeployments, deployments, rewraps, departures, policies, campaigns, imports] = await Promise.all([
    findDueWork(workerId, inHand, kinds),
    kinds.has('syncs') ? findDueSyncs(workerId, inHand) : [],
    kinds.has('redeployments') ? findDueRedeployments(workerId, inHand) : [],
    kinds.has('deployments') ? findDueDeployments(workerId, inHand) : [],
    kinds.has('rewraps') ? findDueKeyRotations(workerId, inHand) : [],
    kinds.has('departures') ? findDueDepartures(workerId, inHand) : [],
    kinds.has('policies') ? findDuePolicyWork(workerId, inHand) : null,
    kinds.has('campaigns') ? findDueCampaigns(workerId, inHand) : [],
    kinds.has('imports') ? findDueImports(workerId, inHand) : [],
  ]);
  if (kinds.has('mails')) sendMails(dispatch);
  if (policies) runPolicies(policies, dispatch);
  for (const { id, lane } of due.rotations) advanceRotationJob({ rotationId: id, lane }, dispatch);
  for (const { id, lane } of due.verifications) verifyConnectionJob({ jobId: id, lane }, dispatch);
  for (const { id, lane } of due.rescans) {
    dispatch.lanes.run(lane, `rescan ${id}`, () => rescanSessions(id, workerId).catch((error: unknown) => reportUnforeseen(id, error)));
  }
  for (const { id, lane } of due.retirements) {
    dispatch.lanes.run(lane, `retire ${id}`, async () => {
      await retireDue(id).catch((error: unknown) => reportUnforeseen(id, error));
    });
  }
  for (const { id, lane } of syncs) syncIntegrationJob({ syncId: id, lane }, dispatch);
  for (const { id } of deployments) runDeploymentJob({ deploymentId: id }, dispatch);
  for (const { id } of rewraps) rewrapJob({ rotationId: id }, dispatch);
  for (const campaignId of campaigns) runCampaignJob({ campaignId }, dispatch);
  for (const departureId of departures) runDepartureJob({ departureId }, dispatch);
  for (const importId of imports) runImportJob({ importId }, dispatch);
  for (const { id, lane } of redeployments) redeployJob({ redeploymentId: id, lane }, dispatch);
  return kinds.size > 0 ? BUSY_MS : Math.max(SOONEST_MS, Math.min(nextMs ?? IDLE_MS, IDLE_MS));
}
