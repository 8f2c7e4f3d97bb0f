import { recordAudit } from '#lib/audit/record-audit.ts';
import type { SecretParams, SecretWire, UpdateSecretBody } from '#lib/contract/vector/secret.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { lockSecret, refuseTakenKey, SECRET_PARTS, type SecretScope, secretFacts, secretToWire } from './load-secret.ts';
import { sealValue } from './seal-value.ts';

/** Gives a secret another value or key. Deployments begun from now on get it. Throws not_found, validation_failed for a taken key. */
export async function updateSecret(context: Context, scope: SecretScope, params: SecretParams, { key, value }: UpdateSecretBody): Promise<SecretWire> {
  return db.$transaction(async (tx) => {
    const row = await lockSecret(tx, context, scope, params);
    if (key !== undefined && key !== row.key) await refuseTakenKey(tx, context, row.environmentId, key);
    const version = row.version + 1;
    const updated = await tx.environmentSecret.update({
      where: { id: row.id },
      data: { ...(key !== undefined && { key }), ...(value !== undefined && { version, sealed: await sealValue({ ...row, version }, new Secret(value)) }) },
      include: SECRET_PARTS,
    });
    const fields = [key !== undefined && key !== row.key ? ['key'] : [], value === undefined ? [] : ['value']].flat();
    await recordAudit(tx, context, { action: 'secret.updated', metadata: { ...secretFacts(updated), fields } });
    return secretToWire(updated);
  });
}
