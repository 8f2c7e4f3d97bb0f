import type { PayloadWire } from '#lib/contract/webhook.ts';
import type { ToldEvent } from './dialect.ts';

/** What Standard Webhooks are sent of an event. */
export const payloadOf = ({ id, type, createdAt, organizationId, projectId, data }: ToldEvent): PayloadWire => ({
  id,
  type,
  created_at: createdAt.toISOString(),
  organization_id: organizationId,
  ...(projectId !== null && { project_id: projectId }),
  data: data as Record<string, unknown>,
});
