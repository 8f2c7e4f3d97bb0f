import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markRequests, monotonicMs, readReceivedMark } from './received-mark.ts';

const BUSY_MS = 30;
const COUNT = 10;

/** A server that is busy for a while with each request, as one that renders and hashes is. */
const marks: number[] = [];
const server = createServer((request, response) => {
  marks.push(readReceivedMark({ get: (name) => String(request.headers[name]) }));
  const end = monotonicMs() + BUSY_MS;
  while (monotonicMs() < end);
  response.end();
});

/** A client with an event loop of its own. Tells when all has been sent, and when all is answered. */
const client = (script: string) =>
  new Worker(
    `const { request, Agent } = require('node:http'); const { parentPort, workerData: { port, count } } = require('node:worker_threads');
     const now = () => Number(process.hrtime.bigint()) / 1e6;
     const send = (options) => new Promise((done) => request({ port, ...options }, (answer) => answer.resume().on('end', done)).end());
     ${script}`,
    { eval: true, workerData: { port: (server.address() as AddressInfo).port, count: COUNT } },
  );

beforeAll(async () => {
  markRequests();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

describe('the mark of a request', () => {
  it('is of its arrival also where it queued to be let in, on a connection of its own', async () => {
    marks.length = 0;
    await once(client(`Promise.all(Array.from({ length: count }, () => send({ agent: false }))).then(() => parentPort.postMessage('done'))`), 'message');
    expect(marks).toHaveLength(COUNT);
    expect(Math.max(...marks) - Math.min(...marks)).toBeLessThan(BUSY_MS * 2);
  });

  it('is not older than the request, also on a connection that was opened earlier', async () => {
    marks.length = 0;
    const [sent] = await once(
      client(`const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        (async () => { const sent = []; for (let i = 0; i < 3; i++) { sent.push(now()); await send({ agent }); } parentPort.postMessage(sent); })()`),
      'message',
    );
    expect(marks).toHaveLength(3);
    for (const [i, mark] of marks.entries()) expect(mark).toBeGreaterThan(sent[i]);
  });

  it('is ours, whatever the client says', async () => {
    marks.length = 0;
    const before = monotonicMs();
    await once(client(`send({ agent: false, headers: { 'x-rekey-received': '1' } }).then(() => parentPort.postMessage('done'))`), 'message');
    expect(marks[0]).toBeGreaterThan(before);
  });
});

it.each([
  ['absent', null],
  ['no number', 'soon'],
  ['in the future', '1e300'],
])('is now where it is %s', (_, value) => {
  const before = monotonicMs();
  expect(readReceivedMark({ get: () => value })).toBeGreaterThanOrEqual(before);
});
