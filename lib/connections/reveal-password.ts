import type { Credential } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { lockActor } from '#lib/auth/lock-actor.ts';
import type { Context } from '#lib/context.ts';
import { openCredential } from '#lib/credentials/seal-credential.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import type { Tx } from '#lib/db.ts';

/**
 * Opens a password that is to be shown, with the audit event that says so: without it nothing is shown. Nor is it to who
 * is being removed at that moment: what somebody has seen is known when they are gone.
 */
export async function revealPassword(tx: Tx, context: Context, projectId: string, credential: Credential): Promise<Secret> {
  await lockActor(tx, context);
  await recordAudit(tx, context, {
    action: 'project.connection_viewed',
    projectId,
    metadata: { version: credential.version, role_name: credential.loginName },
  });
  return (await openCredential(credential)).password;
}
