import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readWhole, writeWhole } from '#scripts/servers/whole-file.ts';

export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const probe = createServer().listen(port, host);
  try {
    await once(probe, 'listening');
    probe.close();
    await once(probe, 'close');
    return true;
  } catch {
    return false;
  }
}

async function firstFree(from: number, host: string, taken: number[]): Promise<number> {
  for (let port = from; port < from + 200; port++) {
    if (!taken.includes(port) && (await isFree(port, host))) return port;
  }
  throw new Error(`No port from ${from} to ${from + 199} is free.`);
}

/** The port asked for, which must be free; without one 3000 or the next free one. */
export async function choosePort(asked: number | undefined, host: string): Promise<number> {
  if (asked === undefined) return firstFree(3000, host, []);
  if (await isFree(asked, host)) return asked;
  throw new Error(`Port ${asked} is taken by another program. Stop that one, or give another port with --port.`);
}

/** Below the range that systems hand out to outgoing connections, so that a port is free again at the next start. */
const FIRST = { control: 15_432, demo: 15_532, demoPooler: 16_432, demoSite: 13_306 } as const;

export type ServerPorts = Record<keyof typeof FIRST, number>;

/**
 * The ports of the embedded servers, chosen at the first start and kept: the demo's are part of its project's address.
 * The control database's moves on when somebody else has taken it.
 */
export async function keepPorts(dataDir: string): Promise<ServerPorts> {
  const file = join(dataDir, 'ports.json');
  const kept = JSON.parse(readWhole(file) ?? '{}') as Partial<ServerPorts>;
  if (kept.control && !(await isFree(kept.control))) delete kept.control;
  const ports = { ...kept };
  for (const name of Object.keys(FIRST) as (keyof ServerPorts)[]) {
    ports[name] ??= await firstFree(FIRST[name], '127.0.0.1', Object.values(ports));
  }
  writeWhole(file, JSON.stringify(ports), { mode: 0o644 });
  return ports as ServerPorts;
}
