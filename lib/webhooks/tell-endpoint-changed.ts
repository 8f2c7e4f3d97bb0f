import type { Prisma } from '#generated/prisma/client.ts';
import type { EventType } from '#lib/contract/webhook.ts';
import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { endpointFacts } from './lock-endpoint.ts';

/** Writes the event of a change to an endpoint, within its transaction. Answers what wakes a worker once that has committed. */
export const tellEndpointChanged = (
  tx: Tx,
  { organizationId, actor }: Pick<Context, 'organizationId' | 'actor'>,
  type: Extract<EventType, `vector.webhook.${string}`>,
  endpoint: { id: string; url: string },
  more: Prisma.InputJsonObject = {},
): Promise<Message<'webhook.deliver'>[]> =>
  recordEvent(tx, { organizationId, projectId: null, type, data: { ...endpointFacts(endpoint), ...more, requested_by: actor.name } });
