import type { ApiKey } from '#generated/prisma/client.ts';
import type { ApiKeyWire } from '#lib/contract/account.ts';
import { storeTime } from '#lib/kernel/clock.ts';

const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;

/** An API key as the API shows it: never the key, nor its hash. */
export function apiKeyToWire(row: ApiKey): ApiKeyWire {
  return {
    id: row.id,
    organization_id: row.organizationId,
    project_id: row.projectId,
    name: row.name,
    key_prefix: row.keyPrefix,
    scopes: row.scopes,
    source: row.source,
    device_name: row.deviceName,
    is_active: row.revokedAt === null && (row.expiresAt === null || row.expiresAt > storeTime()),
    created_by_user_id: row.createdByUserId,
    last_used_at: timeOf(row.lastUsedAt),
    last_used_address: row.lastUsedAddress,
    expires_at: timeOf(row.expiresAt),
    revoked_at: timeOf(row.revokedAt),
    revoked_by: row.revokedBy,
    replaced_by_id: row.replacedById,
    created_at: row.createdAt.toISOString(),
  };
}
