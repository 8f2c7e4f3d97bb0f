import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { CommandFailure, EXIT } from '#cli/exit-codes.ts';
import { openClient } from '#cli/open-client.ts';
import { printJson, printLine, tell } from '#cli/print.ts';
import { startProgress } from '#cli/progress.ts';
import { me } from '#lib/contract/account.ts';
import type { ApiClient } from '#lib/contract/api-client.ts';
import { type EncryptionKeysWire, encryptionKeys, keyRotationAnswer } from '#lib/contract/encryption.ts';

const POLL_MS = 500;

const read = (client: ApiClient, path: string): Promise<EncryptionKeysWire> => client.get(path, encryptionKeys);

/** What each key seals, and what may be done with it. */
function describe({ encryption_keys: keys }: EncryptionKeysWire): string[] {
  return keys.map(({ id, provider, is_current: isCurrent, is_given: isGiven, values }) => {
    const what = isCurrent ? 'current' : isGiven ? 'decrypts only' : 'not configured';
    return `${id}  ${provider ?? 'unknown'}  ${what}  ${values} values`;
  });
}

/** The keys whose setting has become needless. */
function tellNeedless({ encryption_keys: keys }: EncryptionKeysWire): void {
  const needless = keys.filter((key) => !key.is_current && key.is_given && key.values === 0).map(({ id }) => id);
  if (needless.length > 0)
    tell(
      `Nothing is encrypted with ${needless.join(', ')} any more: once every process runs with the new settings, remove it from them, and keep it for your backups.`,
    );
}

/** Shows how many values are left until the re-wrapping has ended. */
async function follow(client: ApiClient, path: string, id: string): Promise<EncryptionKeysWire> {
  const progress = startProgress();
  try {
    for (;;) {
      const state = await read(client, path);
      const { rotation, encryption_keys: keys } = state;
      if (rotation?.id !== id || rotation.finished_at !== null) return state;
      const left = keys.reduce((sum, key) => (key.is_current ? sum : sum + key.values), 0);
      progress.show(rotation.state === 'queued' ? 'Waiting for a worker that has the new key' : `Re-wrapping: ${rotation.rewrapped} done, ${left} left`);
      await delay(POLL_MS);
    }
  } finally {
    progress.end();
  }
}

async function rotate({ wait, json }: { wait?: boolean; json?: boolean }): Promise<void> {
  const client = openClient();
  const { organization } = await client.get('/me', me);
  const path = `/organizations/${organization.id}/encryption-keys`;
  const started = await client.send('POST', `${path}/rotate`, {}, keyRotationAnswer);
  if (!wait) return json ? printJson(started) : printLine(started.rotation.id);
  const state = await follow(client, path, started.rotation.id);
  if (json) printJson(state);
  else for (const line of describe(state)) printLine(line);
  if (state.rotation?.error) throw new CommandFailure(EXIT.unreadable, state.rotation.error);
  tell('Everything is wrapped with the current key.');
  tellNeedless(state);
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const client = openClient();
  const { organization } = await client.get('/me', me);
  const state = await read(client, `/organizations/${organization.id}/encryption-keys`);
  if (json) return printJson(state);
  for (const line of describe(state)) printLine(line);
  tellNeedless(state);
}

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('list the encryption keys').option('--json', 'the answer of the API').action(list);
  keys
    .command('rotate')
    .description('re-wrap all stored values with the current key')
    .option('--wait', 'wait until it is done')
    .option('--json', 'the answer of the API')
    .action((_options: object, command: Command) => rotate(command.optsWithGlobals()));
}
