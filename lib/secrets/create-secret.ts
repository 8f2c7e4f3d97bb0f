import { recordAudit } from '#lib/audit/record-audit.ts';
import type { CreateSecretBody, SecretWire } from '#lib/contract/vector/secret.ts';
import type { EnvironmentParams } from '#lib/contract/vector/site.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { loadEnvironment } from '#lib/sites/load-environment.ts';
import { refuseTakenKey, SECRET_PARTS, secretFacts, secretToWire } from './load-secret.ts';
import { sealValue } from './seal-value.ts';

/** Keeps a variable for the deployments of an environment, or of all. Throws not_found, and validation_failed for a key that is there already. */
export async function createSecret(context: Context, of: EnvironmentParams | 'global', { key, value }: CreateSecretBody): Promise<SecretWire> {
  const { organizationId } = context;
  const row = { id: newId('sec'), organizationId, version: 1 };
  const sealed = await sealValue(row, new Secret(value));
  return db.$transaction(async (tx) => {
    const environment = of === 'global' ? null : await loadEnvironment(context, of, tx);
    const environmentId = environment?.id ?? null;
    await refuseTakenKey(tx, context, environmentId, key);
    const created = await tx.environmentSecret.create({
      data: { ...row, environmentId, key, sealed },
      include: SECRET_PARTS,
    });
    await recordAudit(tx, context, {
      action: 'secret.created',
      ...(environment?.projectId && { projectId: environment.projectId }),
      metadata: secretFacts(created),
    });
    return secretToWire(created);
  });
}
