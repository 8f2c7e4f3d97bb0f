import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { choosePort, keepPorts } from './ports.ts';

const holders: ReturnType<typeof createServer>[] = [];
let dir: string;

async function hold(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  holders.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekey-ports-'));
});
afterEach(() => {
  for (const server of holders.splice(0)) server.close();
  rmSync(dir, { recursive: true, force: true });
});

test('a port that was asked for and is taken is refused', async () => {
  const port = await hold(0);
  await expect(choosePort(port, '127.0.0.1')).rejects.toThrow(`Port ${port} is taken`);
});

test('the demonstration keeps its ports, the control database gives way', async () => {
  const first = await keepPorts(dir);
  expect(new Set(Object.values(first)).size).toBe(4);
  expect(await keepPorts(dir)).toEqual(first);
  for (const port of Object.values(first)) await hold(port);
  const { control, ...demo } = await keepPorts(dir);
  expect(control).not.toBe(first.control);
  expect(demo).toEqual({ demo: first.demo, demoPooler: first.demoPooler, demoSite: first.demoSite });
});
