import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';

/**
 * Sends the same POST `count` times at the same moment: every connection holds its whole request before the first byte
 * leaves, so that a busy machine cannot spread them over the time that a rotation takes.
 */
export async function postAtOnce(url: URL, headers: Record<string, string>, count: number): Promise<{ status: number | undefined; body: unknown }[]> {
  const sockets = await Promise.all(Array.from({ length: count }, () => open(url)));
  const sent = sockets.map((socket) => {
    socket.cork();
    return request(url, { method: 'POST', headers, createConnection: () => socket }).end();
  });
  const answers = sent.map(async (one) => {
    const [answer] = await once(one, 'response');
    return { status: answer.statusCode, body: JSON.parse(await text(answer)) };
  });
  // A request is written to its socket in the turn after it is made.
  await setImmediate();
  for (const socket of sockets) socket.uncork();
  return Promise.all(answers);
}

async function open(url: URL): Promise<Socket> {
  const socket = connect(Number(url.port), url.hostname);
  await once(socket, 'connect');
  return socket;
}
