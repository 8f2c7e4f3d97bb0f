import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { env } from '#lib/kernel/env.ts';
import { createOutboundAgent } from '#lib/outbound/outbound-agent.ts';
import { type PostAnswer, postJson } from '#lib/outbound/post-json.ts';
import type { DialectRules } from './dialects/dialect.ts';
import { rulesOf } from './dialects/rules-of.ts';
import { liveFormerVersion, openSecrets, type SealedSecrets } from './endpoint-secret.ts';
import type { LoadedDelivery } from './load-claimed.ts';

interface Sending {
  type: string;
  /** Tries of this delivery that have failed. */
  attempts: number;
  at: Date;
}

/**
 * The versions of an endpoint's secret that sign one try, the preferred one first.
 *
 * Where a receiver reads one signature, one secret signs: during an overlap the one it last accepted, and until it has
 * accepted any the former one, for it cannot have the new one yet. A test event asks about the new one. A try that
 * failed is followed by one with the other secret, so a receiver that has changed over loses nothing.
 */
function signingVersions(rules: DialectRules, endpoint: SealedSecrets, { type, attempts, at }: Sending): number[] {
  if (rules.signing === 'none' || endpoint.secretSealed === null) return [];
  const present = endpoint.secretVersion;
  const former = liveFormerVersion(endpoint, at);
  if (former === null) return [present];
  if (rules.signing === 'every') return [present, former];
  const isPresentFirst = type === 'webhook.test' || endpoint.acknowledgedVersion === present;
  const isPresent = attempts % 2 === 0 ? isPresentFirst : !isPresentFirst;
  return [isPresent ? present : former];
}

const agent = createOutboundAgent(env.REKEY_OUTBOUND_ALLOW);

export type DeliveryAnswer = PostAnswer | { failure: 'secret_unreadable' };

/** What was tried and what came of it. */
export interface Tried {
  delivery: LoadedDelivery;
  startedAt: Date;
  endedAt: Date;
  latencyMs: number;
  /** The version of the secret that signed, where one did. */
  signedBy: number | null;
  /** With the signatures cut short. */
  requestHeaders: Record<string, string>;
  answer: DeliveryAnswer;
}

/** Sends a delivery once, in its endpoint's dialect. Never throws. */
export async function tryDelivery(delivery: LoadedDelivery, clock: () => Date): Promise<Tried> {
  const { event, endpoint } = delivery;
  const rules = rulesOf(endpoint.dialect);
  const startedAt = clock();
  const versions = signingVersions(rules, endpoint, { type: event.type, attempts: delivery.attempts - 1, at: startedAt });
  const end = (requestHeaders: Record<string, string>, answer: DeliveryAnswer, latencyMs: number): Tried => ({
    delivery,
    startedAt,
    endedAt: clock(),
    latencyMs: Math.round(latencyMs),
    signedBy: rules.signing === 'one' ? (versions[0] ?? null) : null,
    requestHeaders,
    answer,
  });
  try {
    const secrets = await openSecrets(endpoint, versions);
    const body = rules.bodyOf(event);
    const headers = { 'user-agent': 'Rekey', ...rules.headersOf({ event, deliveryId: delivery.id, body, secrets, at: startedAt }) };
    const began = performance.now();
    const answer = await postJson(agent, endpoint.url, { headers, body }, rules.timeoutMs);
    return end(cutSignatures(headers), answer, performance.now() - began);
  } catch (error) {
    if (error instanceof SealBrokenError) return end({}, { failure: 'secret_unreadable' }, 0);
    throw error;
  }
}

/** Headers as they may be shown: of a signature enough to compare it, not enough to use it. */
const cutSignatures = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      /signature$/i.test(name) ? value.replaceAll(/[\w+/]{40,}=*/g, (signature) => `${signature.slice(0, 4)}…${signature.slice(-4)}`) : value,
    ]),
  );
