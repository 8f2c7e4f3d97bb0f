// `npm run memory`: what rotations leave behind in the memory of a web server and a worker. Rotates `--rotations n` (3,000)
// times, by `--clients n` (8) on `--logins n` (100), and asks both `--steps n` (12) times what they hold once everything that
// nothing refers to is collected. 1 where that has grown by more than a tenth since the first step, when both are warm.
// `--flags` are V8's, for the worker.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Clients } from '#scripts/lab/soak/clients.ts';
import { startStage } from '#scripts/lab/soak/stage.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { runApi, runProcess } from '#scripts/testing/run-worker.ts';
import { Random } from '#scripts/torture/random.ts';
import { askMemory, TELLS_MEMORY } from './ask-memory.ts';

const MOST_GROWN = 1.1;
const SEED = 1;
const REST_MS = 10;

const number = (usual: number) => ({ type: 'string', default: String(usual) }) as const;
const { values } = parseArgs({
  options: { rotations: number(3_000), logins: number(100), clients: number(8), steps: number(12), flags: { type: 'string', default: '' } },
});
const [rotations, steps] = [Number(values.rotations), Number(values.steps)];

const stage = await startStage({ logins: Number(values.logins), slowStoreMs: 0 });
const port = await freePort();
const environment = { ...TELLS_MEMORY, REKEY_LOG_LEVEL: 'info' };
const flags = values.flags.split(' ').filter((flag) => flag !== '');
const parts = Object.entries({
  web: runApi(port, environment),
  worker: runProcess('workers/main.ts', 'worker ready', environment, undefined, flags),
});
const held = new Map<string, number[]>(parts.map(([name]) => [name, []]));
try {
  await Promise.all(parts.map(([, { ready }]) => ready));
  const began = performance.now();
  const clients = new Clients({ urls: [`http://127.0.0.1:${port}`], headers: stage.headers, logins: stage.logins, random: new Random(SEED) });
  clients.start(Number(values.clients), REST_MS);
  for (let step = 0; step <= steps; step++) {
    while (clients.asked < (rotations * step) / steps) await delay(200);
    for (const [name, part] of parts) {
      const memory = await askMemory(part);
      held.get(name)?.push(memory.heapUsed);
      console.log(`${String(clients.asked).padStart(6)} rotations  ${name.padEnd(6)} ${JSON.stringify(memory)}`);
    }
  }
  await clients.stop();
  console.log(`${clients.asked} rotations in ${Math.round((performance.now() - began) / 1_000)} s`);
  for (const odd of clients.odd.slice(0, 5)) console.log(`    ${odd}`);
} finally {
  for (const [, { pid }] of parts) process.kill(pid, 'SIGKILL');
  const { db } = await import('#lib/kernel/db.ts');
  await db.$disconnect();
  await stage.stop();
}
let isFlat = true;
for (const [name, [, warm = 0, ...later]] of held) {
  const last = later.at(-1) ?? warm;
  if (last > MOST_GROWN * warm) isFlat = false;
  console.log(`${last > MOST_GROWN * warm ? 'BAD' : 'ok '} ${name}: ${warm} MB after the first step, ${last} MB after the last`);
}
process.exit(isFlat ? 0 : 1);
