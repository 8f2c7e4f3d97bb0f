import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { type AuditEntry, recordAudit } from './record-audit.ts';

/** Writes a record of what stands all the same where it cannot be written: a refusal, a broken chain. Never throws. */
export async function tryRecordAudit(context: Context, entry: AuditEntry): Promise<void> {
  try {
    await db.$transaction((tx) => recordAudit(tx, context, entry));
  } catch (error) {
    log.error({ action: entry.action, error: describeError(error) }, 'not in the audit log');
  }
}
