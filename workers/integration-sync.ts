import { syncIntegration } from '#lib/integrations/sync-integration.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import type { Message } from '#lib/queue/jobs.ts';
import type { Dispatch } from './handlers.ts';

/** `integration.sync`: one try at a sync, in the lane of its provider. The sweep comes back to what broke off, and to what must wait. */
export function syncIntegrationJob({ syncId, lane }: Message<'integration.sync'>, { lanes, workerId }: Dispatch): void {
  lanes.run(lane, syncId, () =>
    syncIntegration(syncId, workerId).catch((error: unknown) => log.error({ sync: syncId, error: describeError(error) }, 'sync failed')),
  );
}
