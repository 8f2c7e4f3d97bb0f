import { publicId } from '#lib/contract/vector/site-names.ts';
import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import type { Message } from '#lib/queue/jobs.ts';
import type { EnvironmentRow, SiteRow } from './load-site.ts';
import { environmentToWire, siteToWire } from './to-wire.ts';

type Change = 'created' | 'updated' | 'deleted';

/** Writes the event of a change to a site, within its transaction. Returns the messages to send after commit. */
export function recordSiteEvent(tx: Tx, { organizationId, actor }: Context, change: Change, row: SiteRow): Promise<Message<'webhook.deliver'>[]> {
  const { id, partner_customer_id, your_customer_id, status, tags, dev_domain, dev_php_version, created_at } = siteToWire(row);
  return recordEvent(tx, {
    organizationId,
    projectId: row.projectId,
    type: `vector.site.${change}`,
    data: { id, site_id: id, partner_customer_id, your_customer_id, status, tags, dev_domain, dev_php_version, created_at, requested_by: actor.name },
  });
}

/** The same for an environment. */
export function recordEnvironmentEvent(tx: Tx, { organizationId, actor }: Context, change: Change, row: EnvironmentRow): Promise<Message<'webhook.deliver'>[]> {
  const { id, name, is_production, status, php_version, custom_domain, tags, created_at } = environmentToWire(row);
  return recordEvent(tx, {
    organizationId,
    projectId: row.projectId,
    type: `vector.environment.${change}`,
    data: {
      id,
      environment_id: id,
      site_id: publicId(row.site),
      name,
      is_production,
      status,
      php_version,
      custom_domain,
      tags,
      created_at,
      requested_by: actor.name,
    },
  });
}
