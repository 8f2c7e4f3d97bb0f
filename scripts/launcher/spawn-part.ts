import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { styleText } from 'node:util';
import { endProcess, identifyProcess } from '#scripts/servers/process-identity.ts';
import type { Part } from './parts.ts';

/** What a part printed before everything was up: shown only if the start fails, for it is noise otherwise. */
export interface HeldOutput {
  release: () => void;
  text: () => string;
}

function forward(name: string, child: ChildProcess): HeldOutput {
  let held: string[] | undefined = [];
  const prefix = styleText('dim', `${name.padEnd(6)} |`);
  const onLine = (line: string) => (held ? held.push(line) : console.log(`${prefix} ${line}`));
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream as Readable }).on('line', onLine);
  return {
    release: () => {
      held = undefined;
    },
    text: () => (held ?? []).map((line) => `${prefix} ${line}`).join('\n'),
  };
}

/**
 * Starts a Node script as a part. It has its own process group: Ctrl-C reaches the launcher alone, which stops the
 * parts in their order.
 */
export function spawnPart(name: string, args: string[], env: NodeJS.ProcessEnv): Part & { output: HeldOutput } {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const output = forward(name, child);
  // Where the system has no room for another process there is an error and no exit.
  child.once('error', () => child.emit('exit', 1, null));
  const identity = identifyProcess(child.pid ?? 0);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    if (identity) await endProcess(identity, 'SIGTERM', { group: true, timeoutMs: 30_000 });
    await exited;
  };
  return { name, child, stop, output };
}
