import type { Message } from '#lib/queue/jobs.ts';
import { wake } from '#lib/queue/wake.ts';

/** Wakes a worker after the transaction that wrote deliveries has committed: once, for it looks for all that is due. Never throws. */
export async function wakeDeliveries([first]: Message<'webhook.deliver'>[]): Promise<void> {
  if (first) await wake('webhook.deliver', first);
}
