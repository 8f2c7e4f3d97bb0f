import type { ApiKeyListWire } from '#lib/contract/account.ts';
import type { ListQuery } from '#lib/contract/list.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { cutPage, pageOf } from '#lib/paging/list-page.ts';
import { apiKeyToWire } from './to-wire.ts';

/** The organization's API keys, newest first, revoked ones too; all of them, or a page. */
export async function listApiKeys({ organizationId }: Context, query: ListQuery = {}): Promise<ApiKeyListWire> {
  const { where, ...page } = pageOf(query, 'desc', 'id');
  const { rows, next } = cutPage(await db.apiKey.findMany({ where: { organizationId, ...where }, ...page }), query, ({ id }) => id);
  return { api_keys: rows.map(apiKeyToWire), ...next };
}
