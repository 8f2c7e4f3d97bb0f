// `npm run audit -- …`: what the owner of the tables does for the audit log. Finds the embedded database by its data folder.
//   verify [checkpoints.jsonl]   reads every chain; 1 where one is broken
//   export [csv|jsonl]           to the standard output
//   seal <time>                  lets what is older be removed
//   remove <archive.jsonl>       writes what is sealed to a new file, then removes it
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readKeys } from './launcher/keys.ts';
import { readOptions } from './launcher/options.ts';
import type { ServerPorts } from './launcher/ports.ts';

const [command = 'verify', argument] = process.argv.slice(2);
const { dataDir, databaseUrl, migrateDatabaseUrl, checkpointFile } = readOptions([]);

async function embeddedUrl(): Promise<string> {
  const password = await readFile(join(dataDir, 'control/password'), 'utf8');
  const { control } = JSON.parse(await readFile(join(dataDir, 'ports.json'), 'utf8')) as ServerPorts;
  return `postgresql://postgres:${password}@127.0.0.1:${control}/rekey`;
}

Object.assign(process.env, readKeys(dataDir), checkpointFile && { REKEY_AUDIT_CHECKPOINT_FILE: checkpointFile }, {
  DATABASE_URL: migrateDatabaseUrl ?? databaseUrl ?? (await embeddedUrl()),
});
// After the settings, which these read.
const { systemContext } = await import('#lib/kernel/context.ts');
const { db } = await import('#lib/kernel/db.ts');
const { auditCheckpoint } = await import('#lib/contract/audit.ts');

const contexts = (await db.organization.findMany({ select: { id: true } })).map(({ id }) => systemContext(id, 'command line'));
const say = (answer: object) => console.log(JSON.stringify(answer));

async function verify(): Promise<void> {
  const { verifyAuditTrail } = await import('#lib/audit/verify.ts');
  const lines = argument ? (await readFile(argument, 'utf8')).trim().split('\n') : [];
  const checkpoints = lines.map((line) => auditCheckpoint.parse(JSON.parse(line)));
  for (const { organizationId } of contexts) {
    const own = checkpoints.filter((one) => one.organization_id === organizationId);
    const verification = await verifyAuditTrail(organizationId, { checkpoints: own });
    if (!verification.is_whole) process.exitCode = 1;
    say({ organization_id: organizationId, ...verification });
    console.error(`${organizationId}: ${verification.verdict}`);
  }
}

async function exportAll(): Promise<void> {
  const { exportAuditEvents } = await import('#lib/audit/export-audit-events.ts');
  const format = argument === 'csv' ? 'csv' : 'jsonl';
  for (const context of contexts) for await (const text of await exportAuditEvents(context, { format })) process.stdout.write(text);
}

async function seal(): Promise<void> {
  const { sealSegment } = await import('#lib/audit/seal-segment.ts');
  const before = new Date(argument ?? '');
  if (Number.isNaN(before.getTime())) throw new Error('Give the time before which records may be removed, such as 2026-01-01.');
  for (const context of contexts) say(await sealSegment(context, before));
}

async function remove(): Promise<void> {
  const { removeSegment } = await import('#lib/audit/remove-segment.ts');
  if (!argument) throw new Error('Give the file that the records are written to before they are removed.');
  const file = await open(argument, 'wx', 0o600);
  for (const context of contexts) {
    const write = async (text: string) => void (await file.write(text));
    say(
      await removeSegment(context, async (records) => {
        await write(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
        await file.sync();
      }),
    );
  }
  await file.close();
}

const COMMANDS: Record<string, () => Promise<void>> = { verify, export: exportAll, seal, remove };
try {
  const run = COMMANDS[command];
  if (!run) throw new Error('Say one of: verify, export, seal, remove.');
  await run();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
await db.$disconnect();
