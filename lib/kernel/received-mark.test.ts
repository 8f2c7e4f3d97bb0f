import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { markRequests, monotonicMs, readReceivedMark } from './received-mark.ts';

const COUNT = 10;

/** How many requests the client has sent. */
const sent = new Int32Array(new SharedArrayBuffer(4));

/** A server that is busy with its first request until all have been sent, as one that renders and hashes is. */
let marks: number[] = [];
const server = createServer((request, response) => {
  marks.push(readReceivedMark({ get: (name) => String(request.headers[name]) }));
  for (let n = Atomics.load(sent, 0); n < COUNT; n = Atomics.load(sent, 0)) Atomics.wait(sent, 0, n);
  response.end();
});

/** A client with an event loop of its own. Tells when all has been sent, and when all is answered. */
const client = (script: string) =>
  new Worker(
    `const { request, Agent } = require('node:http'); const { parentPort, workerData: { port, count, sent } } = require('node:worker_threads');
     const now = () => Number(process.hrtime.bigint()) / 1e6;
     const count1 = () => { Atomics.add(sent, 0, 1); Atomics.notify(sent, 0); };
     const send = (options) => new Promise((done) => request({ port, ...options }, (answer) => answer.resume().on('end', done)).on('finish', count1).end());
     ${script}`,
    { eval: true, workerData: { port: (server.address() as AddressInfo).port, count: COUNT, sent } },
  );

beforeAll(async () => {
  markRequests();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => {
  marks = [];
  Atomics.store(sent, 0, 0);
});
afterAll(() => server.close());

describe('the mark of a request', () => {
  it('is of its arrival also where it queued to be let in, on a connection of its own', async () => {
    await once(client(`Promise.all(Array.from({ length: count }, () => send({ agent: false }))).then(() => parentPort.postMessage('done'))`), 'message');
    expect(marks).toHaveLength(COUNT);
    // All had come before the first was answered: they count as a few arrivals, not as one for each turn that let one in.
    expect(new Set(marks).size).toBeLessThan(COUNT / 2);
  });

  it('is not older than the request, also on a connection that was opened earlier', async () => {
    Atomics.store(sent, 0, COUNT);
    const [times] = await once(
      client(`const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        (async () => { const times = []; for (let i = 0; i < 3; i++) { times.push(now()); await send({ agent }); } parentPort.postMessage(times); })()`),
      'message',
    );
    expect(marks).toHaveLength(3);
    for (const [i, mark] of marks.entries()) expect(mark).toBeGreaterThan(times[i]);
  });

  it('is ours, whatever the client says', async () => {
    Atomics.store(sent, 0, COUNT);
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
