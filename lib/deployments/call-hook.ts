import { storeTime } from '#lib/kernel/clock.ts';
import { env } from '#lib/kernel/env.ts';
import { isHookAllowed } from '#lib/outbound/check-hook-url.ts';
import { createOutboundAgent } from '#lib/outbound/outbound-agent.ts';
import { postJson } from '#lib/outbound/post-json.ts';
import type { Claim } from '#lib/queue/claim.ts';
import { openHookSecret } from '#lib/sites/hook-secret.ts';
import { signWebhook } from '#lib/webhooks/sign.ts';
import type { DeploymentFailure } from './failures.ts';
import { type DeploymentRow, deploymentFacts } from './load-deployment.ts';
import { FETCH_MS, issueTokens } from './tokens.ts';

const agent = createOutboundAgent(env.REKEY_OUTBOUND_ALLOW);

/** `accepted`: it will report later. */
export type HookAnswer = 'done' | 'accepted' | { failure: DeploymentFailure; status: number | null };

/**
 * Asks an environment's deploy hook for a deployment, signed as Standard Webhooks. The call carries no variable but the
 * tokens that fetch them and report. Throws SealBrokenError, ClaimLost.
 */
export async function callHook(claim: Claim<'deployment.run'>, row: DeploymentRow, url: string, sealed: string): Promise<HookAnswer> {
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
