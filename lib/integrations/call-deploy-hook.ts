import { z } from 'zod';
import type { Secret } from '#lib/crypto/secret.ts';
import { env } from '#lib/kernel/env.ts';
import { createOutboundAgent } from '#lib/outbound/outbound-agent.ts';
import { exchange, refuseFailure } from './call-provider.ts';
import { IntegrationError } from './integration.ts';

const agent = createOutboundAgent(env.REKEY_OUTBOUND_ALLOW);

const answerSchema = z.object({ job: z.object({ id: z.string() }) });

/**
 * Calls a deploy hook, an address that a person typed in: only a public one, or one that the operator allows.
 * @throws {IntegrationError} address_refused, deployment_refused where there is no such hook, and what a call may throw
 */
export async function callDeployHook(hook: Secret): Promise<{ id: string | null }> {
  const url = URL.parse(hook.reveal());
  // Without TLS anybody on the way could read the hook; within the operator's own network that is the operator's choice.
  const isAllowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && env.REKEY_OUTBOUND_ALLOW.length > 0);
  if (!url || !isAllowed) throw new IntegrationError('address_refused');
  const answer = await exchange({ dispatcher: agent, method: 'POST', url: url.href, token: null });
  // Nobody but the hook's address is judged: there is no token, no variable.
  refuseFailure(answer, false, ({ status }) => (status >= 300 && status < 500 && ![402, 408, 429].includes(status) ? 'deployment_refused' : null));
  const parsed = answerSchema.safeParse(answer.body);
  return { id: parsed.success ? parsed.data.job.id : null };
}
