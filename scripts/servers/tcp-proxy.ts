// A TCP proxy for tests, which does to a connection what networks do.
import { once } from 'node:events';
import net from 'node:net';

/**
 * What happens to a request: it never arrives and the connection is cut; it arrives and the connection is cut when the
 * server answers; it arrives and the connection stays open without another byte.
 */
export type Fault = 'lose_request' | 'lose_answer' | 'half_open';

export interface TcpProxy {
  host: string;
  port: number;
  /** How many connections were opened so far. */
  opened: () => number;
  /** All that clients sent so far. */
  sent: () => Buffer;
  /** Cuts every open connection with a reset. */
  cut: () => void;
  /** From now on every answer takes this much longer. */
  delay: (ms: number) => void;
  /** From now on no answer of the server arrives. */
  swallow: (on: boolean) => void;
  /** The next request that holds this text meets this fault; tells when it did. */
  failOn: (text: string, fault: Fault) => Promise<void>;
  /** Refuses connections, as a machine without the server does, until `accept`. */
  refuse: () => Promise<void>;
  accept: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Forwards a port of loopback to another. What clients send is kept for `sent`, unless `keepsSent` is false. */
export async function startTcpProxy(to: { host: string; port: number }, { keepsSent = true } = {}): Promise<TcpProxy> {
  const pairs = new Set<{ client: net.Socket; server: net.Socket }>();
  const chunks: Buffer[] = [];
  let opened = 0;
  let delayMs = 0;
  let swallowing = false;
  let trap: { text: string; fault: Fault; sprung: () => void } | undefined;

  const listener = net.createServer((client) => {
    opened += 1;
    const server = net.connect({ ...to, noDelay: true });
    const pair = { client, server };
    pairs.add(pair);
    client.setNoDelay(true);
    let fault: Fault | undefined;
    const end = (socket: 'destroy' | 'resetAndDestroy') => {
      pairs.delete(pair);
      client[socket]();
      server[socket]();
    };
    client.on('data', (bytes: Buffer) => {
      if (keepsSent) chunks.push(bytes);
      const hit = trap && bytes.includes(trap.text) ? trap : undefined;
      if (hit) {
        trap = undefined;
        fault = hit.fault;
      }
      if (fault !== 'lose_request') server.write(bytes);
      if (fault === 'lose_request') end('resetAndDestroy');
      if (hit && hit.fault !== 'lose_answer') hit.sprung();
      if (hit?.fault === 'lose_answer') server.once('data', hit.sprung);
    });
    server.on('data', (bytes) => {
      if (fault === 'lose_answer') end('resetAndDestroy');
      else if (swallowing || fault === 'half_open') return;
      else if (delayMs) setTimeout(() => client.write(bytes), delayMs);
      else client.write(bytes);
    });
    for (const socket of [client, server]) socket.on('error', () => end('resetAndDestroy')).on('close', () => end('destroy'));
  });
  const listen = async (port: number) => {
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
  };
  const cut = () => {
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  };
  const refuse = async () => {
    if (!listener.listening) return;
    const closed = once(listener, 'close');
    listener.close();
    cut();
    await closed;
  };
  await listen(0);
  const { port } = listener.address() as net.AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    opened: () => opened,
    sent: () => Buffer.concat(chunks),
    cut,
    delay: (ms) => {
      delayMs = ms;
    },
    swallow: (on) => {
      swallowing = on;
    },
    failOn: (text, fault) =>
      new Promise((sprung) => {
        trap = { text, fault, sprung };
      }),
    refuse,
    accept: () => listen(port),
    stop: refuse,
  };
}
