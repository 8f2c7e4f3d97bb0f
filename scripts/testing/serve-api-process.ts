// The API in a process of its own, on the port of NEXTAUTH_URL: its log is then its output.
import { env } from '#lib/kernel/env.ts';
import { watchWebClock } from '#lib/queue/process-clocks.ts';
import { serveApi } from './serve-api.ts';

await watchWebClock();
await serveApi(Number(new URL(env.NEXTAUTH_URL).port));
// The live feed waits for the signal as well, and one that is waited for ends nothing by itself.
process.once('SIGTERM', () => process.exit(0));
console.log('api ready');
