import type { IntegrationTarget } from '#generated/prisma/client.ts';
import { isRetryable, isSyncFailure } from './failures.ts';

/** Whether a sync has nothing more to do for a target: it brought this version there, or only a person can help, as where somebody changed it. */
export function isSettled(target: IntegrationTarget, { syncId, version }: { syncId: string; version: number }): boolean {
  // A sync that is to write over it has set it to pending.
  if (target.state === 'drifted') return true;
  if (target.syncId !== syncId) return false;
  const code = target.failureCode;
  if (code !== null) return isSyncFailure(code) && !isRetryable(code);
  return target.version === version;
}
