import { hashKey, keyPrefix } from '#lib/api-keys/key-format.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { hashPassword } from '#lib/auth/hash-password.ts';
import { isCommonPassword } from '#lib/auth/refuse-common-password.ts';
import { SCOPES } from '#lib/contract/scopes.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { createOwner, ensureOrganization, lockSetUp } from './set-up.ts';

const BY = 'environment';

async function initialiseOwner(organizationId: string, email: string, password: string): Promise<void> {
  if ((await db.user.count()) > 0) return;
  if (await isCommonPassword(password, [email]))
    throw invalidField('REKEY_INIT_PASSWORD', 'REKEY_INIT_PASSWORD is easy to guess. Nothing was created. Choose another, and start again.');
  const passwordHash = await hashPassword(password);
  await db.$transaction(async (tx) => {
    await lockSetUp(tx);
    if ((await tx.user.count()) > 0) return;
    const owner = await createOwner(tx, organizationId, email, passwordHash);
    await recordAudit(tx, systemContext(organizationId, BY), { action: 'organization.set_up', metadata: { user_id: owner.id, email: owner.email } });
  });
}

async function initialiseKey(organizationId: string, key: string): Promise<void> {
  const keyHash = hashKey(key);
  await db.$transaction(async (tx) => {
    await lockSetUp(tx);
    // Also where it was revoked since: a start does not bring a revoked key back.
    if (await tx.apiKey.findUnique({ where: { keyHash }, select: { id: true } })) return;
    const id = newId('key');
    await tx.apiKey.create({ data: { id, organizationId, name: 'REKEY_INIT_API_KEY', keyPrefix: keyPrefix(key), keyHash, scopes: [...SCOPES], source: BY } });
    await recordAudit(tx, systemContext(organizationId, BY), {
      action: 'api_key.created',
      metadata: { api_key_id: id, name: 'REKEY_INIT_API_KEY', scopes: [...SCOPES] },
    });
  });
}

/** Makes the owner and the API key that REKEY_INIT_EMAIL, _PASSWORD and _API_KEY name, for a start without a browser. Harmless when repeated. Throws validation_failed for a common password. */
export async function initialiseFromEnv(): Promise<void> {
  const { REKEY_INIT_EMAIL: email, REKEY_INIT_PASSWORD: password, REKEY_INIT_API_KEY: key } = env;
  if (!(email && password) && !key) return;
  const { id } = await ensureOrganization();
  if (email && password) await initialiseOwner(id, email, password);
  if (key) await initialiseKey(id, key);
}
