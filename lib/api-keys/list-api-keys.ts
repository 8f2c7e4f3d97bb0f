import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { cutPage, pageOf } from '#lib/http/list-page.ts';
import type { ApiKeyListWire } from '#lib/http/wire/account.ts';
import type { ListQuery } from '#lib/http/wire/list.ts';
import { apiKeyToWire } from './to-wire.ts';

/** The organization's API keys, newest first, revoked ones too; all of them, or a page. */
export async function listApiKeys({ organizationId }: Context, query: ListQuery = {}): Promise<ApiKeyListWire> {
  const { where, ...page } = pageOf(query, 'desc', 'id');
  const { rows, next } = cutPage(await db.apiKey.findMany({ where: { organizationId, ...where }, ...page }), query, ({ id }) => id);
  return { api_keys: rows.map(apiKeyToWire), ...next };
}
