import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { openClient } from '#cli/open-client.ts';
import { printLine } from '#cli/print.ts';
import type { ApiClient } from '#lib/http/api-client.ts';
import { me } from '#lib/http/wire/account.ts';
import { type AuditEventWire, auditEventList } from '#lib/http/wire/audit.ts';

const POLL_MS = 2_000;

const lineOf = ({ created_at, actor_name, action, project_id }: AuditEventWire): string =>
  [created_at, action, actor_name, project_id ?? ''].join('  ').trimEnd();

async function readLast(client: ApiClient, organizationId: string, limit: string): Promise<AuditEventWire[]> {
  const { audit_events: events } = await client.get(`/organizations/${organizationId}/audit-events?limit=${encodeURIComponent(limit)}`, auditEventList);
  return events.reverse();
}

/** Prints the newest events, oldest first, and goes on with those that come. */
async function tail({ follow, limit, json }: { follow?: boolean; limit: string; json?: boolean }): Promise<void> {
  const client = openClient();
  const { organization } = await client.get('/me', me);
  const seen = new Set<string>();
  for (;;) {
    for (const event of await readLast(client, organization.id, limit)) {
      if (seen.has(event.id)) continue;
      seen.add(event.id);
      printLine(json ? JSON.stringify(event) : lineOf(event));
    }
    if (!follow) return;
    await delay(POLL_MS);
  }
}

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('read the audit trail');
  audit
    .command('tail')
    .description('print the newest audit events')
    .option('-f, --follow', 'go on with those that come')
    .option('--limit <count>', 'how many', '20')
    .option('--json', 'one JSON object a line')
    .action(tail);
}
