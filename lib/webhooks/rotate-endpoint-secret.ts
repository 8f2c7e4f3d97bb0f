import { recordAudit } from '#lib/audit/record-audit.ts';
import type { WebhookEndpointWithSecret } from '#lib/contract/webhook.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { rulesOf } from './dialects/rules-of.ts';
import { generateSecret, liveFormerVersion, sealSecret } from './endpoint-secret.ts';
import { endpointFacts, lockEndpoint } from './lock-endpoint.ts';
import { endpointToWire } from './to-wire.ts';

/** How long the former secret counts beside the new one: 24 h. */
const OVERLAP_MS = 86_400_000;

/**
 * Gives an endpoint a new signing secret, which is in this answer alone. The former one counts too for 24 h; where
 * receivers read one signature, it signs until the receiver accepts the new one. Throws not_found, and conflict where
 * nothing is signed.
 */
export async function rotateEndpointSecret(context: Context, endpointId: string): Promise<WebhookEndpointWithSecret> {
  const secret = generateSecret();
  const row = await db.$transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, context, endpointId);
    const { signing } = rulesOf(endpoint.dialect);
    if (signing === 'none')
      throw new DomainError('conflict', 'Messages to Slack are not signed: there is no secret to rotate. Make a new webhook in Slack and change the URL.');
    const secretVersion = endpoint.secretVersion + 1;
    const now = storeTime();
    // Rotated twice before the receiver has changed over: what it has is still the one before.
    const former = liveFormerVersion(endpoint, now);
    const isFormerKept = signing === 'one' && former !== null && endpoint.acknowledgedVersion !== endpoint.secretVersion;
    const updated = await tx.webhookEndpoint.update({
      where: { id: endpointId },
      data: {
        secretVersion,
        secretSealed: await sealSecret({ ...endpoint, secretVersion }, secret),
        secretCreatedAt: now,
        ...(!isFormerKept && { formerSecretSealed: endpoint.secretSealed, formerVersion: endpoint.secretVersion }),
        ...(isFormerKept && { formerVersion: former }),
        formerUntil: new Date(now.getTime() + OVERLAP_MS),
      },
    });
    await recordAudit(tx, context, { action: 'webhook.secret_rotated', metadata: endpointFacts(endpoint) });
    return updated;
  });
  return { webhook_endpoint: endpointToWire(row), plaintext_secret: secret.reveal() };
}
