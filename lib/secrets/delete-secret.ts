import { recordAudit } from '#lib/audit/record-audit.ts';
import type { SecretParams } from '#lib/contract/vector/secret.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { lockSecret, type SecretScope, secretFacts } from './load-secret.ts';

/** Deletes a secret: deployments begun from now on do without it. Throws not_found. */
export async function deleteSecret(context: Context, scope: SecretScope, params: SecretParams): Promise<void> {
  await db.$transaction(async (tx) => {
    const row = await lockSecret(tx, context, scope, params);
    await tx.environmentSecret.delete({ where: { id: row.id } });
    await recordAudit(tx, context, { action: 'secret.deleted', metadata: secretFacts(row) });
  });
}
