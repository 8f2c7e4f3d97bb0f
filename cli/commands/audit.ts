import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { CommandFailure, EXIT } from '#cli/exit-codes.ts';
import { openClient } from '#cli/open-client.ts';
import { printJson, printLine, tell } from '#cli/print.ts';
import { me } from '#lib/contract/account.ts';
import type { ApiClient } from '#lib/contract/api-client.ts';
import { type AuditEventWire, auditEventList, auditVerificationAnswer } from '#lib/contract/audit.ts';

const POLL_MS = 2_000;

const lineOf = ({ created_at, actor_name, action, project_id }: AuditEventWire): string =>
  [created_at, action, actor_name, project_id ?? ''].join('  ').trimEnd();

async function readLast(client: ApiClient, organizationId: string, limit: string): Promise<AuditEventWire[]> {
  const { audit_events: events } = await client.get(`/organizations/${organizationId}/audit-events?limit=${encodeURIComponent(limit)}`, auditEventList);
  return events.reverse();
}

/** Prints the newest events, oldest first; with `follow`, new ones until the reader or the user ends it. */
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
    // A reader that closed the pipe wants no more.
    if (!follow || !process.stdout.writable) return;
    await delay(POLL_MS);
  }
}

/** Checkpoints as they are exported: one JSON object a line. */
const readCheckpoints = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

/** Verifies the whole chain, and compares it with checkpoints kept elsewhere if they are given. */
async function verify({ checkpoints, json }: { checkpoints?: string; json?: boolean }): Promise<void> {
  const client = openClient();
  const { organization } = await client.get('/me', me);
  const body = checkpoints === undefined ? {} : { checkpoints: readCheckpoints(checkpoints) };
  const answer = await client.send('POST', `/organizations/${organization.id}/audit-events/verification`, body, auditVerificationAnswer);
  const { is_whole: isWhole, findings, verdict } = answer.verification;
  if (json) printJson(answer);
  else for (const { kind, detail } of findings) printLine(`${kind}  ${detail}`);
  if (!isWhole) throw new CommandFailure(EXIT.auditBroken, `The audit log is broken: ${findings.length} findings.`);
  tell(verdict);
}

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('read the audit log');
  audit
    .command('tail')
    .description('print the newest audit events')
    .option('-f, --follow', 'keep printing new events')
    .option('--limit <count>', 'how many', '20')
    .option('--json', 'one JSON object a line')
    .action(tail);
  audit
    .command('verify')
    .description('verify the whole chain; exits with 9 if it is broken')
    .option('--checkpoints <file>', 'checkpoints exported earlier, to detect a truncated or rewritten log')
    .option('--json', 'the answer of the API')
    .action(verify);
}
