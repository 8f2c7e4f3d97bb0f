import type { Message } from '#lib/queue/jobs.ts';
import { wake } from '#lib/queue/wake.ts';

/** Wakes a worker for each delivery, after the transaction that wrote them has committed. Never throws. */
export async function wakeDeliveries(messages: Message<'webhook.deliver'>[]): Promise<void> {
  await Promise.all(messages.map((message) => wake('webhook.deliver', message)));
}
