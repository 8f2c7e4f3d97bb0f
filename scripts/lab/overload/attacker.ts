// The attacker's own thread: what it costs it is not measured as the server's slowness.
import { parentPort, workerData } from 'node:worker_threads';
import { ATTACKS, type AttackName, type Size } from './attacks.ts';

const { name, port, size } = workerData as { name: AttackName; port: number; size: Size };
parentPort?.postMessage(await ATTACKS[name](port, size));
