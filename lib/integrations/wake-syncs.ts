import { wake } from '#lib/queue/wake.ts';
import type { QueuedSync } from './queue-sync.ts';

/** Wakes a worker for each sync, after the transaction that queued it has committed. Never throws. */
export async function wakeSyncs(queued: QueuedSync[]): Promise<void> {
  await Promise.all(queued.map(({ message }) => wake('integration.sync', message)));
}
