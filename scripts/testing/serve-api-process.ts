// The API in a process of its own, on the port of NEXTAUTH_URL: its log is then its output.
import { env } from '#lib/env.ts';
import { watchWebClock } from '#lib/queue/process-clocks.ts';
import { serveApi } from './serve-api.ts';

await watchWebClock();
await serveApi(Number(new URL(env.NEXTAUTH_URL).port));
console.log('api ready');
