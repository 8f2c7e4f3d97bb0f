import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, identifyProcess } from '#scripts/servers/process-identity.ts';
import { stopStalePostgres } from '#scripts/servers/stale-server.ts';

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
  writeFileSync(recordFile(dataDir), JSON.stringify(identities));
}

/** Ends what a killed launcher left running on the data folder. */
export async function endLeftovers(dataDir: string): Promise<void> {
  const file = recordFile(dataDir);
  const identities: string[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  for (const identity of identities) await endProcess(identity, 'SIGINT', { group: true, timeoutMs: 10_000 });
  rmSync(file, { force: true });
  for (const folder of ['control', 'demo']) await stopStalePostgres(join(dataDir, folder, 'data'));
}

/** Stops the newest first: worker, web, then the servers that they use. */
export async function stopParts(dataDir: string, parts: Part[]): Promise<void> {
  for (const part of parts) await part.stop();
  rmSync(recordFile(dataDir), { force: true });
}
