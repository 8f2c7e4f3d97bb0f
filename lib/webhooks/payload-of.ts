import type { Event } from '#generated/prisma/client.ts';
import type { PayloadWire } from '#lib/http/wire/webhook.ts';

/** What a receiver is sent of an event, the same at every try. */
export const payloadOf = ({ id, type, createdAt, organizationId, projectId, data }: Event): PayloadWire => ({
  id,
  type,
  created_at: createdAt.toISOString(),
  organization_id: organizationId,
  ...(projectId !== null && { project_id: projectId }),
  data: data as Record<string, unknown>,
});
