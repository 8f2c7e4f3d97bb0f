import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { LAUNCHED_FOR } from '#scripts/servers/child-env.ts';
import { endProcess, findByEnvironment, identifyProcess } from '#scripts/servers/process-identity.ts';
import { stopStalePostgres } from '#scripts/servers/stale-server.ts';
import { readWhole, writeWhole } from '#scripts/servers/whole-file.ts';

/** A process of the launcher's: the worker, the web server, a database server, the pooler. */
export interface Part {
  name: string;
  child: ChildProcess;
  stop: () => Promise<void>;
}

const recordFile = (dataDir: string): string => join(dataDir, 'processes.json');

/** Writes down what runs, newest first, for the start after a kill -9. */
export function recordParts(dataDir: string, parts: Part[]): void {
  const identities = parts.map((part) => identifyProcess(part.child.pid ?? 0)).filter((identity) => identity !== undefined);
  writeWhole(recordFile(dataDir), JSON.stringify(identities), { mode: 0o644 });
}

/**
 * Ends what a killed launcher left running on the data folder: the parts that it wrote down, newest first, and what else
 * carries the folder in its environment, such as a build or an initdb.
 */
export async function endLeftovers(dataDir: string): Promise<void> {
  const file = recordFile(dataDir);
  const recorded = JSON.parse(readWhole(file) ?? '[]') as string[];
  const found = findByEnvironment(`${LAUNCHED_FOR}=${dataDir}`).map(identifyProcess);
  for (const identity of new Set([...recorded, ...found])) if (identity) await endProcess(identity, 'SIGINT', { group: true, timeoutMs: 10_000 });
  rmSync(file, { force: true });
  for (const folder of ['control', 'demo']) await stopStalePostgres(join(dataDir, folder, 'data'));
}

/** Stops the newest first: worker, web, then the servers that they use. */
export async function stopParts(dataDir: string, parts: Part[]): Promise<void> {
  for (const part of parts) await part.stop();
  rmSync(recordFile(dataDir), { force: true });
}
