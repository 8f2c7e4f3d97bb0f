import { recordAudit } from '#lib/audit/record-audit.ts';
import { systemContext } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { liveFormerVersion } from './endpoint-secret.ts';
import { endpointFacts, recordEndpointChanged } from './endpoints.ts';
import type { Judged } from './outcome-of.ts';

/** An endpoint that has answered nothing with 2xx for so long is disabled: 3 days. */
const PATIENCE_MS = 3 * 86_400_000;

interface Locked {
  id: string;
  organizationId: string;
  url: string;
  isActive: boolean;
  failingSince: Date | null;
}

/** Whether a try tells that the receiver has another of the two secrets of an overlap than was known. */
export const isNewlyAccepted = ({ outcome, signedBy, endedAt, delivery: { endpoint } }: Judged): boolean =>
  outcome.state === 'delivered' && signedBy !== null && signedBy !== endpoint.acknowledgedVersion && liveFormerVersion(endpoint, endedAt) !== null;

/**
 * Draws from tries what they say of their endpoints: since when one fails, that one is to be disabled, which secret it has. `write`
 * writes the tries themselves and answers which of them count; the endpoints are locked before it, as by everybody.
 */
export async function judgeEndpoints(tx: Tx, tries: Judged[], write: () => Promise<Set<string>>): Promise<void> {
  const endpoints = await tx.$queryRaw<Locked[]>`
    SELECT id, organization_id AS "organizationId", url, is_active AS "isActive", failing_since AS "failingSince" FROM webhook_endpoints
    WHERE id = ANY(${[...new Set(tries.map(({ delivery }) => delivery.endpointId))]}::text[]) ORDER BY id FOR NO KEY UPDATE`;
  const written = await write();
  for (const endpoint of endpoints) {
    // A receiver at another URL by now has not been asked.
    const said = tries.filter(({ delivery }) => written.has(delivery.id) && delivery.endpointId === endpoint.id && delivery.endpoint.url === endpoint.url);
    if (said.length > 0) await judge(tx, endpoint, said);
  }
}

async function judge(tx: Tx, endpoint: Locked, tries: Judged[]): Promise<void> {
  const accepted = tries.findLast(isNewlyAccepted);
  if (accepted) await tx.$executeRaw`UPDATE webhook_endpoints SET acknowledged_version = ${accepted.signedBy} WHERE id = ${endpoint.id}`;
  const failed = tries.filter(({ outcome }) => outcome.state !== 'delivered');
  const isGone = failed.some(({ outcome }) => outcome.responseStatus === 410);
  if (failed.length < tries.length && !isGone) {
    if (endpoint.failingSince) await tx.$executeRaw`UPDATE webhook_endpoints SET failing_since = NULL WHERE id = ${endpoint.id}`;
    return;
  }
  const at = failed.reduce((latest, { endedAt }) => (endedAt > latest ? endedAt : latest), new Date(0));
  const since = endpoint.failingSince ?? at;
  if (!endpoint.failingSince) await tx.$executeRaw`UPDATE webhook_endpoints SET failing_since = ${since} WHERE id = ${endpoint.id}`;
  if (isGone) await disable(tx, endpoint, 'gone', at);
  else if (at.getTime() - since.getTime() >= PATIENCE_MS && !(await hasAnsweredSince(tx, endpoint.id, since))) await disable(tx, endpoint, 'failing', at);
}

/** An answer that came in at the same time as a failure may have been written before it. */
const hasAnsweredSince = async (tx: Tx, endpointId: string, since: Date): Promise<boolean> =>
  (await tx.delivery.findFirst({ where: { endpointId, deliveredAt: { gte: since } }, select: { id: true } })) !== null;

async function disable(tx: Tx, endpoint: Locked, reason: 'gone' | 'failing', at: Date): Promise<void> {
  if (!endpoint.isActive) return;
  await tx.webhookEndpoint.update({ where: { id: endpoint.id }, data: { isActive: false, disabledAt: at, disabledReason: reason } });
  const context = systemContext(endpoint.organizationId);
  await recordAudit(tx, context, { action: 'webhook.disabled', metadata: { ...endpointFacts(endpoint), reason } });
  // Nobody is woken for it: the sweep finds it.
  await recordEndpointChanged(tx, context, 'vector.webhook.updated', endpoint, { reason, enabled: false });
}
