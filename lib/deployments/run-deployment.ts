import { setTimeout as delay } from 'node:timers/promises';
import type { Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { probeCredential } from '#lib/logins/probe-credential.ts';
import { isHookAllowed } from '#lib/outbound/check-hook-url.ts';
import { createOutboundAgent } from '#lib/outbound/outbound-agent.ts';
import { postJson } from '#lib/outbound/post-json.ts';
import { recordEvent, wakeDeliveries } from '#lib/outbox/record-event.ts';
import { type Claim, ClaimLost, holdClaim } from '#lib/queue/claim.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { openHookSecret } from '#lib/sites/hook-secret.ts';
import { signWebhook } from '#lib/webhooks/sign.ts';
import { claimDeployment } from './claim-deployment.ts';
import { DEPLOYMENT_PARTS, type DeploymentRow, deploymentFacts } from './deployments.ts';
import { holdCurrent, settleHold } from './hold-credential.ts';
import { FETCH_MS, hasFetched, issueTokens } from './tokens.ts';

/** Why a deployment failed; nothing was retired. */
const DEPLOYMENT_FAILURES = {
  no_hook: 'No deploy hook is configured. Set the environment’s deploy_hook_url, or send mark_as_deployed once it has been deployed.',
  address_refused: 'The deploy hook leads to an address that is not public. Allow it with REKEY_OUTBOUND_ALLOW, or use another one.',
  insecure_hook:
    'The deploy hook uses plain http, and it would receive tokens that fetch passwords. Nothing was sent. Use an https URL, or name its host in REKEY_HTTP_HOOK_HOSTS and restart Rekey.',
  timed_out: 'The deploy hook did not answer in time.',
  unreachable: 'The deploy hook does not answer.',
  redirected: 'The deploy hook answered with a redirect, and Rekey follows none. Use the URL it leads to.',
  rejected: 'The deploy hook did not answer with a 2xx status.',
  reported: 'The deploy hook reported that the deployment failed.',
  variables_not_fetched: 'The deploy hook reported success but did not fetch the variables: the deployment cannot have them.',
  rotation_unsettled: 'A rotation of the login did not end in time, so it is not known which password the deployment should carry.',
  overdue: 'The deploy hook did not report an end in time.',
  login_refused: 'The server rejects the password that the deployment carries.',
  login_unknown: 'The server gave no clear answer for the password that the deployment carries.',
  secret_unreadable: 'A stored secret cannot be decrypted: its row was changed, or it was encrypted with another key. Set it again.',
} as const;
type DeploymentFailure = keyof typeof DEPLOYMENT_FAILURES;

const agent = createOutboundAgent(env.REKEY_OUTBOUND_ALLOW);

/** `accepted`: it will report later. */
type HookAnswer = 'done' | 'accepted' | { failure: DeploymentFailure; status: number | null };

/**
 * Asks an environment's deploy hook for a deployment, signed as Standard Webhooks. The call carries no variable but the
 * tokens that fetch them and report. Throws SealBrokenError, ClaimLost.
 */
async function callHook(claim: Claim<'deployment.run'>, row: DeploymentRow, url: string, sealed: string): Promise<HookAnswer> {
  if (!isHookAllowed(url)) return { failure: 'insecure_hook', status: null };
  const secret = await openHookSecret(row.environment, sealed);
  const tokens = await issueTokens(claim, row);
  const base = new URL(`/api/v1/vector/deployments/${row.id}`, env.NEXTAUTH_URL).href;
  const body = JSON.stringify({
    event: 'deployment',
    ...deploymentFacts(row),
    variables_url: `${base}/variables`,
    fetch_token: tokens.fetch.reveal(),
    fetch_expires_at: storeTime(FETCH_MS).toISOString(),
    report_url: `${base}/report`,
    report_token: tokens.report.reveal(),
  });
  const signed = signWebhook({ id: row.id, timestamp: Math.floor(storeTime().getTime() / 1000), body }, [secret]);
  const answer = await postJson(agent, url, { headers: { 'user-agent': 'Rekey', ...signed }, body });
  if ('failure' in answer) return { failure: answer.failure, status: null };
  if (answer.status === 202) return 'accepted';
  if (answer.status >= 200 && answer.status < 300) return 'done';
  return { failure: answer.status >= 300 && answer.status < 400 ? 'redirected' : 'rejected', status: answer.status };
}

/** Says on the job of a deployment that it is in progress, in the transaction that begins it. */
async function beginJob(tx: Tx, { jobId, claimedBy }: DeploymentRow): Promise<void> {
  const now = storeTime();
  if (jobId) await tx.job.update({ where: { id: jobId }, data: { state: 'running', attempts: 1, claimedBy, claimedAt: now, startedAt: now } });
}

/** Ends the job of a deployment and tells so, in the transaction that ends the deployment. Answers what wakes a worker once that has committed. */
async function endJob(tx: Tx, row: DeploymentRow, failure: DeploymentFailure | null): Promise<Message<'webhook.deliver'>[]> {
  const { jobId, organizationId, environment } = row;
  if (!jobId) return [];
  const error = failure && DEPLOYMENT_FAILURES[failure];
  await tx.job.update({
    where: { id: jobId },
    data: { state: failure ? 'failed' : 'completed', error, errorCode: failure, retryClassification: failure && 'terminal', completedAt: storeTime() },
  });
  return recordEvent(tx, {
    organizationId,
    projectId: environment.projectId,
    type: failure ? 'job.failed' : 'job.completed',
    data: { job_id: jobId, job_type: 'environment.deploy', ...deploymentFacts(row), ...(failure && { error_code: failure }) },
  });
}

/** Waits before a server that gave no verdict is asked again, in ms. */
const PROOF_RETRY_MS = [0, 1_000, 4_000] as const;

type DeploymentClaim = Claim<'deployment.run'>;
type Step = { failure: DeploymentFailure; status?: number | null } | 'deployed' | 'waits';

/**
 * Brings a deployment as far as it comes, if it is due and nobody living has it. May be called at any time, by any
 * number of workers; a crash leads to another call of the hook under the same id.
 */
export async function runDeployment(id: string, workerId: string): Promise<void> {
  const claim = await claimDeployment(id, workerId);
  if (!claim) return;
  await failpoint('deployment.claimed');
  try {
    const row = await begin(claim);
    if (row) await carryOn(claim, row);
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error;
  } finally {
    await db.deployment.updateMany({ where: { id, fence: claim.fence }, data: { claimedBy: null, leaseUntil: null } });
  }
}

async function carryOn(claim: DeploymentClaim, row: DeploymentRow): Promise<void> {
  await failpoint('deployment.begun');
  const step = await advance(claim, row).catch((error: unknown): Step => {
    if (error instanceof SealBrokenError) return { failure: 'secret_unreadable' };
    throw error;
  });
  await failpoint('deployment.proven');
  if (step !== 'waits') await end(claim, row, step);
  else {
    await write(claim, async (tx) => {
      const { reported } = await tx.deployment.findUniqueOrThrow({ where: { id: row.id }, select: { reported: true } });
      // The hook has reported in between: it is due already.
      return reported ? null : { nextAttemptAt: row.deadlineAt };
    });
  }
}

/**
 * A write that counts only under the claim. Answers the row as it then stands; null where there is nothing to write.
 * @throws {ClaimLost}
 */
async function write(
  claim: DeploymentClaim,
  change: (tx: Tx) => Promise<Prisma.DeploymentUncheckedUpdateManyInput | null>,
  also: (tx: Tx, row: DeploymentRow) => Promise<Message<'webhook.deliver'>[]> = async () => [],
): Promise<DeploymentRow | null> {
  let told: Message<'webhook.deliver'>[] = [];
  const row = await db.$transaction(async (tx) => {
    await holdClaim(tx, claim);
    const data = await change(tx);
    if (!data) return null;
    const written = await tx.deployment.update({ where: { id: claim.id }, data, include: DEPLOYMENT_PARTS });
    told = await also(tx, written);
    return written;
  });
  await wakeDeliveries(told);
  return row;
}

const tell = (tx: Tx, row: DeploymentRow, type: 'started' | 'completed' | 'failed', more: Prisma.InputJsonObject = {}) =>
  recordEvent(tx, {
    organizationId: row.organizationId,
    projectId: row.environment.projectId,
    type: `vector.deployment.${type}`,
    // What a hook has printed comes without the values of its variables; see report-deployment.ts.
    data: { id: row.id, status: row.state, stdout: row.stdout, stderr: row.stderr, ...deploymentFacts(row), ...more },
  });

/** pending -> deploying, with the password of this moment; one that has begun goes on with the one it carries. Null where it has to wait. */
async function begin(claim: DeploymentClaim): Promise<DeploymentRow | null> {
  const row = await db.deployment.findUniqueOrThrow({ where: { id: claim.id }, include: DEPLOYMENT_PARTS });
  if (row.fence !== claim.fence) throw new ClaimLost();
  if (row.state !== 'pending') return row;
  const begun = await write(
    claim,
    async (tx) => {
      const held = await holdCurrent(tx, row.environment.projectId);
      return held && { state: 'deploying', credentialId: held.credentialId, startedAt: storeTime() };
    },
    async (tx, written) => {
      await beginJob(tx, written);
      return tell(tx, written, 'started');
    },
  );
  if (!begun && row.deadlineAt <= storeTime()) await end(claim, row, { failure: 'rotation_unsettled' });
  return begun;
}

async function advance(claim: DeploymentClaim, row: DeploymentRow): Promise<Step> {
  const { deployHookUrl, hookSecretSealed } = row.environment;
  if (row.isMarked) return prove(row);
  if (row.reported === 'failed') return { failure: 'reported' };
  if (row.reported === 'deployed') return judge(row);
  if (row.deadlineAt <= storeTime()) return { failure: 'overdue' };
  if (deployHookUrl === null || hookSecretSealed === null) return { failure: 'no_hook' };
  const answer = await callHook(claim, row, deployHookUrl, hookSecretSealed);
  if (answer === 'accepted') return 'waits';
  return answer === 'done' ? judge(row) : answer;
}

/** The hook says that it has deployed: true only where it has fetched what it was to deploy. */
async function judge(row: DeploymentRow): Promise<Step> {
  return (await hasFetched(row.id)) ? prove(row) : { failure: 'variables_not_fetched' };
}

/** The password that the deployment carries must log in, wherever logins come in. */
async function prove({ credentialId, environment: { projectId } }: DeploymentRow): Promise<Step> {
  if (credentialId === null || projectId === null) return 'deployed';
  for (const waitMs of PROOF_RETRY_MS) {
    await delay(waitMs);
    const proofs = await probeCredential(credentialId, projectId);
    if (proofs.some(({ probe }) => probe.verdict === 'refused')) return { failure: 'login_refused' };
    if (proofs.every(({ probe }) => probe.verdict === 'accepted')) return 'deployed';
  }
  return { failure: 'login_unknown' };
}

/** deploying -> deployed or failed. */
async function end(claim: DeploymentClaim, row: DeploymentRow, step: Exclude<Step, 'waits'>): Promise<void> {
  const failure = step === 'deployed' ? null : step.failure;
  const status = step === 'deployed' ? null : step.status;
  const told = failure && `${DEPLOYMENT_FAILURES[failure]}${status ? ` It answered ${status}.` : ''}`;
  const data = {
    state: failure ? 'failed' : 'deployed',
    errorCode: failure,
    finishedAt: storeTime(),
    ...(told && { stderr: row.stderr === '' ? told : `${row.stderr}\n${told}` }),
  } as const;
  await write(
    claim,
    async () => data,
    async (tx, ended) => {
      await settleHold(tx, ended);
      const ofJob = await endJob(tx, ended, failure);
      await recordAudit(tx, systemContext(row.organizationId), {
        action: failure ? 'deployment.failed' : 'deployment.completed',
        ...(row.environment.projectId !== null && { projectId: row.environment.projectId }),
        metadata: { ...deploymentFacts(ended), ...(failure && { code: failure }) },
      });
      return [...(await tell(tx, ended, failure ? 'failed' : 'completed', failure ? { error_code: failure } : {})), ...ofJob];
    },
  );
}
