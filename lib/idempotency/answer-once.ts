import { createHmac } from 'node:crypto';
import { deriveKey } from '#lib/crypto/derive-key.ts';
import { open, type SealContext, seal } from '#lib/crypto/envelope.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError, invalidField } from '#lib/kernel/errors.ts';

/** After this time a request is assumed dead and its key can be used again. Longer than any request takes. */
const GIVEN_UP_AFTER = '2 minutes';
const KEY_FORM = /^[\x21-\x7e]{1,255}$/;

interface Once {
  organizationId: string;
  actorId: string;
  key: string;
}

interface Kept {
  requestHash: string;
  status: number | null;
  contentType: string | null;
  answerSealed: string | null;
}

/** Where the answer to a request belongs. */
export const answerContext = ({ organizationId, actorId, key }: Once): SealContext => ({
  organizationId,
  table: 'idempotency_keys',
  row: JSON.stringify([actorId, key]),
  field: 'answer_sealed',
  version: 1,
});

/**
 * Runs a request that carries an Idempotency-Key once, and gives the same answer to whoever repeats it within a day
 * (draft-ietf-httpapi-idempotency-key-header). Another request under the same key is 422 `idempotency_key_reused`;
 * while the first one runs, 409 `idempotency_in_progress`. What failed in Rekey, or for want of a right, may be repeated.
 */
export async function answerOnce(
  { organizationId, actor }: Context,
  key: string,
  request: { method: string; path: string; body: Buffer },
  run: () => Promise<Response>,
) {
  if (!KEY_FORM.test(key)) throw invalidField('Idempotency-Key', 'Idempotency-Key: use 1 to 255 visible characters, such as a UUID.');
  const once: Once = { organizationId, actorId: actor.id ?? actor.kind, key };
  // A keyed hash: a body may contain a member's password, which could be guessed from a plain hash in a leaked database.
  const requestHash = createHmac('sha256', deriveKey('idempotency')).update(`${request.method} ${request.path}\n`).update(request.body).digest('hex');
  const kept = await begin(once, requestHash);
  if (kept) return replay(once, kept, requestHash);
  const response = await run().catch(async (error: unknown) => {
    await forget(once);
    throw error;
  });
  if (isWorthKeeping(response.status)) await keep(once, response.clone());
  else await forget(once);
  return response;
}

/** Takes the key, where nobody has it, or had it and died; else answers what is known of its request. */
async function begin({ organizationId, actorId, key }: Once, requestHash: string): Promise<Kept | null> {
  const taken = await db.$executeRaw`
    INSERT INTO idempotency_keys AS k (organization_id, actor_id, key, request_hash) VALUES (${organizationId}, ${actorId}, ${key}, ${requestHash})
    ON CONFLICT (organization_id, actor_id, key) DO UPDATE SET request_hash = EXCLUDED.request_hash, status = NULL, content_type = NULL, answer_sealed = NULL, started_at = now()
    WHERE k.started_at < now() - interval '24 hours' OR (k.status IS NULL AND k.request_hash = EXCLUDED.request_hash AND k.started_at < now() - ${GIVEN_UP_AFTER}::interval)`;
  return taken === 1 ? null : db.idempotencyKey.findUniqueOrThrow({ where: { organizationId_actorId_key: { organizationId, actorId, key } } });
}

async function replay(once: Once, kept: Kept, requestHash: string): Promise<Response> {
  if (kept.requestHash !== requestHash)
    throw new DomainError('idempotency_key_reused', 'This Idempotency-Key was used for another request. Use a new key; nothing was changed.');
  if (kept.status === null || kept.answerSealed === null)
    throw new DomainError(
      'idempotency_in_progress',
      'The first request with this Idempotency-Key is still in progress. Repeat it in a moment; nothing was done twice.',
      {
        retryAfterSeconds: 1,
      },
    );
  const text = await open(kept.answerSealed, answerContext(once));
  const headers = { 'idempotency-replayed': 'true', ...(kept.contentType && { 'content-type': kept.contentType }) };
  // A 204 response must have no body, not even an empty one.
  return new Response(text === '' ? null : text, { status: kept.status, headers });
}

const isWorthKeeping = (status: number): boolean => status < 500 && ![401, 403, 429].includes(status);

async function keep(once: Once, response: Response): Promise<void> {
  const answerSealed = await seal(await response.text(), answerContext(once));
  await db.idempotencyKey.update({
    where: { organizationId_actorId_key: once },
    data: { status: response.status, contentType: response.headers.get('content-type'), answerSealed },
  });
}

const forget = (once: Once) => db.idempotencyKey.deleteMany({ where: once });
