import { setTimeout as delay } from 'node:timers/promises';
import { describeError, log } from '#lib/kernel/log.ts';
import { Lanes } from '#lib/queue/lanes.ts';
import { listen } from '#lib/queue/listen.ts';
import { closeWake } from '#lib/queue/wake.ts';
import { joinWorkers } from '#lib/queue/worker-presence.ts';
import { checkStart } from '#lib/set-up/check-start.ts';
import { Deliverer } from '#lib/webhooks/deliverer.ts';
import { answerReady } from './answer-ready.ts';
import { type Dispatch, handleMessage } from './jobs.ts';
import { sweep } from './sweep.ts';

/** Rotations of one server at once. Changing a password is bound by the server's CPU: more would be slower. */
const PER_SERVER = 8;
/** Between two sweeps at least, whatever happens in the store. */
const GAP_MS = 1_000;

await checkStart();
let hasChanged = new AbortController();
const presence = await joinWorkers(() => hasChanged.abort());
const lanes = new Lanes(PER_SERVER);
const deliverer = new Deliverer(presence.id);
const dispatch: Dispatch = { lanes, deliverer, workerId: presence.id };

const stopListening = await listen((queue, data) => handleMessage(queue, data, dispatch));

let isStopping = false;
let lastSweep = performance.now();
answerReady({ lastBeat: presence.lastBeat, lastSweep: () => lastSweep });
const sweeping = sweepForEver();

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
log.info({ worker: presence.id }, 'worker ready');

async function sweepForEver(): Promise<void> {
  while (!isStopping) {
    const began = performance.now();
    hasChanged = new AbortController();
    let waitMs = GAP_MS;
    try {
      waitMs = await sweep(dispatch);
      lastSweep = performance.now();
    } catch (error) {
      log.warn({ error: describeError(error) }, 'sweep');
    }
    presence.swept(performance.now() - began);
    await delay(Math.min(waitMs, GAP_MS));
    // A change that somebody made may have made work, or taken it.
    if (waitMs > GAP_MS) await delay(waitMs - GAP_MS, undefined, { signal: hasChanged.signal }).catch(() => undefined);
  }
}

/** Lets running attempts finish, takes no new ones. What does not finish in time goes on elsewhere. */
async function stop(): Promise<void> {
  isStopping = true;
  await stopListening();
  await Promise.race([Promise.all([sweeping, lanes.drain(), deliverer.drain()]), delay(10_000)]);
  await closeWake();
  await presence.leave().catch(() => undefined);
  process.exit(0);
}
