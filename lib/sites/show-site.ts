import type { SiteWire } from '#lib/contract/vector/site.ts';
import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { revealPassword } from '#lib/logins/reveal-password.ts';
import { currentOf, type SiteRow } from './load-site.ts';
import { siteToWire } from './to-wire.ts';

/** A site as its reader may see it: an API key that may read credentials gets the password too, and the audit log tells. */
export async function showSite(tx: Tx, context: Context, row: SiteRow): Promise<SiteWire> {
  const { actor } = context;
  if (actor.kind !== 'api_key' || !actor.scopes.includes('credentials:read')) return siteToWire(row);
  return siteToWire(row, await revealPassword(tx, context, row.projectId, currentOf(row.project.database)));
}
