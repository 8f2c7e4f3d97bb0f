import type { Prisma } from '#generated/prisma/client.ts';
import type { Context } from '#lib/context.ts';
import type { Tx } from '#lib/db.ts';
import { newId } from '#lib/ids.ts';
import type { AuditAction } from './actions.ts';

export interface AuditEntry {
  action: AuditAction;
  projectId?: string;
  metadata?: Prisma.InputJsonObject;
}

/** Writes who did what, inside the transaction of the act: where this row cannot be written the act does not happen. */
export async function recordAudit(tx: Tx, { organizationId, actor, origin }: Context, entry: AuditEntry): Promise<void> {
  await tx.auditEvent.create({
    data: {
      id: newId('aud'),
      organizationId,
      projectId: entry.projectId ?? null,
      action: entry.action,
      actorId: actor.id,
      actorKind: actor.kind,
      actorName: actor.name,
      address: origin.address ?? null,
      userAgent: origin.userAgent ?? null,
      requestId: origin.requestId ?? null,
      metadata: entry.metadata ?? {},
    },
  });
}
