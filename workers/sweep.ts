import { findDueCampaigns } from '#lib/campaigns/find-due-campaigns.ts';
import { findDueDepartures } from '#lib/departures/find-due-departures.ts';
import { findDueDeployments } from '#lib/deployments/claim-deployment.ts';
import { findDueKeyRotations } from '#lib/encryption/claim-key-rotation.ts';
import { findDueImports } from '#lib/imports/find-due-imports.ts';
import { findDueRedeployments } from '#lib/integrations/claim-redeployment.ts';
import { findDueSyncs } from '#lib/integrations/claim-sync.ts';
import { reportUnforeseen } from '#lib/kernel/report-unforeseen.ts';
import { findDuePolicyWork } from '#lib/policies/find-due.ts';
import { retireDue } from '#lib/rotation/request/request-retirement.ts';
import { rescanSessions } from '#lib/rotation/sessions/rescan-sessions.ts';
import { findDueWork } from '#lib/sweep/find-due-work.ts';
import { nextDue } from '#lib/sweep/next-due.ts';
import { publishAuditCheckpoints, verifyAuditChains } from './audit-verify.ts';
import { runCampaignJob } from './campaign-run.ts';
import { checkConnections } from './connection-check.ts';
import { verifyConnectionJob } from './connection-verify.ts';
import { runDepartureJob } from './departure-run.ts';
import { runDeploymentJob } from './deployment-run.ts';
import { rewrapJob } from './encryption-rewrap.ts';
import type { Dispatch } from './handlers.ts';
import { runImportJob } from './import-run.ts';
import { checkIntegrations } from './integration-check.ts';
import { redeployJob } from './integration-redeploy.ts';
import { syncIntegrationJob } from './integration-sync.ts';
import { sendMails } from './mail-send.ts';
import { reportOverdueHourly, runPolicies } from './policy-run.ts';
import { pruneHourly } from './prune.ts';
import { advanceRotationJob } from './rotation-advance.ts';

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
