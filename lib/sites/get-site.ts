import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { SiteWire } from '#lib/http/wire/vector/site.ts';
import { loadSite } from './load-site.ts';
import { showSite } from './show-site.ts';

/** One site with its environments. Throws not_found. */
export const getSite = (context: Context, siteId: string): Promise<SiteWire> =>
  db.$transaction(async (tx) => showSite(tx, context, await loadSite(context, siteId, tx)));
