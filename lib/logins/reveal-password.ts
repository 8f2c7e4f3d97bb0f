import type { Credential } from '#generated/prisma/client.ts';
import { lockActor } from '#lib/access/lock-actor.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { openCredential } from './sealing.ts';

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
