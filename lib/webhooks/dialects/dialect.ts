import type { Event } from '#generated/prisma/client.ts';
import type { PayloadWire } from '#lib/contract/webhook.ts';
import type { Secret } from '#lib/crypto/secret.ts';

export type ToldEvent = Pick<Event, 'id' | 'organizationId' | 'projectId' | 'projectName' | 'type' | 'data' | 'createdAt'>;

export interface Try {
  event: ToldEvent;
  deliveryId: string;
  /** The bytes that are sent. */
  body: string;
  /** What signs; see try-delivery.ts. */
  secrets: Secret[];
  at: Date;
}

/** How one kind of receiver is spoken to. */
export interface DialectRules {
  timeoutMs: number;
  /** `every`: a signature for each secret that counts. `one`: receivers read one signature. `none`: the URL lets in. */
  signing: 'every' | 'one' | 'none';
  /** The same at every try. Never a credential. */
  bodyOf: (event: ToldEvent) => string;
  /** Fresh at every try, but for what names the delivery. */
  headersOf: (attempt: Try) => Record<string, string>;
}

/** What Standard Webhooks are sent of an event. */
export const payloadOf = ({ id, type, createdAt, organizationId, projectId, data }: ToldEvent): PayloadWire => ({
  id,
  type,
  created_at: createdAt.toISOString(),
  organization_id: organizationId,
  ...(projectId !== null && { project_id: projectId }),
  data: data as Record<string, unknown>,
});
