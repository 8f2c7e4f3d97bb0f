import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { ApiKeyWire } from '#lib/http/wire/account.ts';
import { apiKeyToWire } from './to-wire.ts';

/** The organization's API keys, newest first, revoked ones too. */
export async function listApiKeys({ organizationId }: Context): Promise<ApiKeyWire[]> {
  const rows = await db.apiKey.findMany({ where: { organizationId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
  return rows.map(apiKeyToWire);
}
