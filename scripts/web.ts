// The web server alone: `npm run web`. Settings are checked before it listens, not at the first request.
import './require-settings.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { createFront } from '#lib/http/front/create-front.ts';
import { isTrustedProxy, markAddresses } from '#lib/kernel/client-address.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { markRequests } from '#lib/kernel/received-mark.ts';
import { root } from './run-tool.ts';

/** How long requests that are being answered may go on after a signal to stop, in ms. */
const DRAIN_MS = 10_000;
/** Connections that wait to be let in by this process; the system may allow fewer. */
const BACKLOG = 4_096;

const { PORT = '3000', HOST = '127.0.0.1' } = process.env;
const dev = process.argv.includes('--dev');
Object.assign(process.env, { NODE_ENV: dev ? 'development' : 'production' });

markRequests();
markAddresses();

// Next reads NODE_ENV when it is loaded.
const { default: next } = await import('next');
const app = next({ dev, dir: root, hostname: HOST, port: Number(PORT), quiet: !dev });
const handle = app.getRequestHandler();

const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  try {
    await handle(request, response);
  } catch (error) {
    log.error({ error: describeError(error) }, 'request failed');
    response.destroy();
  }
};
const server = createFront(answer, { isProxy: (address) => isTrustedProxy(address) });
// The pages use no WebSockets, but for the reload in development.
if (!dev) server.on('upgrade', (_, socket) => socket.destroy());

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());

async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  const closed = new Promise((resolve) => server.close(resolve));
  if (dev) server.closeAllConnections();
  await Promise.race([closed, delay(DRAIN_MS)]);
  server.closeAllConnections();
  await app.close();
  process.exit(0);
}

await app.prepare();
server.once('error', ({ code }: NodeJS.ErrnoException) => {
  process.stderr.write(
    code === 'EADDRINUSE'
      ? `Rekey cannot start: port ${PORT} of ${HOST} is taken by another program.\n`
      : `Rekey cannot start: it cannot listen on ${HOST}, port ${PORT} (${code}).\n`,
  );
  process.exit(1);
});
server.listen({ host: HOST, port: Number(PORT), backlog: BACKLOG }, () => {
  // A burst of connections leaves its garbage in a heap that V8 lets grow to many times what is in use, and keeps so. Only
  // now: a start is a third quicker with room to spare.
  for (const flag of ['--optimize-for-size', '--max-semi-space-size=2', '--semi-space-growth-factor=1']) setFlagsFromString(flag);
  log.info({ host: HOST, port: Number(PORT) }, 'web server ready');
});
