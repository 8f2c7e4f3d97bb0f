import type { SiteWire } from '#lib/contract/vector/site.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { loadSite } from './load-site.ts';
import { showSite } from './show-site.ts';

/** One site with its environments. Throws not_found. */
export const getSite = (context: Context, siteId: string): Promise<SiteWire> =>
  db.$transaction(async (tx) => showSite(tx, context, await loadSite(context, siteId, tx)));
