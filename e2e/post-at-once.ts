import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** Sends the same POST `count` times at the same moment: all connections stand before the first byte leaves. */
export async function postAtOnce(url: URL, headers: Record<string, string>, count: number): Promise<{ status: number | undefined; body: unknown }[]> {
  const sockets = await Promise.all(Array.from({ length: count }, () => open(url)));
  return Promise.all(
    sockets.map(async (socket) => {
      const sent = request(url, { method: 'POST', headers, createConnection: () => socket }).end();
      const [answer] = await once(sent, 'response');
      return { status: answer.statusCode, body: JSON.parse(await text(answer)) };
    }),
  );
}

async function open(url: URL): Promise<Socket> {
  const socket = connect(Number(url.port), url.hostname);
  await once(socket, 'connect');
  return socket;
}
