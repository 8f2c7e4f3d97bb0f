import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import type { AuditEntry } from './record-audit.ts';
import { tryRecordAudit } from './try-record-audit.ts';

/** The same refusal again within this time is not written again, so that a client that keeps trying cannot fill the log. */
const ONCE_MS = 60_000;
const REMEMBERED = 10_000;

const written = new Map<string, number>();

function isRepeated({ organizationId, actor, origin }: Context, { action, projectId, target, reason }: AuditEntry): boolean {
  const key = JSON.stringify([organizationId, actor.id ?? actor.name, origin.address, action, projectId, target?.id, reason]);
  const now = performance.now();
  const isRecent = now - (written.get(key) ?? -ONCE_MS) < ONCE_MS;
  if (!isRecent) {
    if (written.size >= REMEMBERED) written.clear();
    written.set(key, now);
  }
  return isRecent;
}

/** Writes down that something was refused. Never throws: where it cannot be written, it is refused all the same. */
export async function recordRefusal(context: Context, entry: AuditEntry): Promise<void> {
  if (isRepeated(context, entry)) return;
  const { projectId, ...rest } = entry;
  // The id comes from the request: only one of the organization's own goes on record.
  const where = { id: projectId ?? '', organizationId: context.organizationId };
  const project = projectId === undefined ? null : await db.project.findFirst({ where, select: { id: true } }).catch(() => null);
  await tryRecordAudit(context, { ...rest, ...(project && { projectId: project.id }) });
}
