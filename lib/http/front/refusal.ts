import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { methodsAt } from '#lib/http/methods-at.ts';
import { problemResponse } from '#lib/http/problem.ts';
import { vectorRefusal } from '#lib/http/vector-refusal.ts';
import type { DomainError } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { log } from '#lib/kernel/log.ts';

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

const VECTOR = /^\/api\/(?:capydb\/)?v1\/vector(?:\/|$)/;

function inDialect(error: DomainError, path: string | undefined, requestId: string): Response {
  if (path !== undefined && VECTOR.test(path)) return vectorRefusal(error, requestId);
  // A request whose first line was never understood is no browser's.
  if (path === undefined || /^\/api(?:\/|$)/.test(path)) return problemResponse(error, requestId);
  return new Response(`${error.message}\n`, { status: error.status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

async function toBytes(response: Response): Promise<Buffer> {
  const body = Buffer.from(await response.arrayBuffer());
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status]}\r\n${lines}content-length: ${body.length}\r\nconnection: close\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

/**
 * Answers in the dialect of the path, past Node's response, and closes the connection. What the client still sends is
 * not read; the connection stands for `lingerMs` before it is cut, so that a client that sends first and reads then
 * finds the answer.
 */
export async function refuseOnSocket(socket: Duplex, error: DomainError, path: string | undefined, lingerMs: number): Promise<void> {
  // Before anything is awaited: Node reads on meanwhile, and the next read may be 64 KB.
  socket.pause();
  const requestId = newId('req');
  const response = inDialect(error, path, requestId);
  // RFC 9110, 15.5.6: a 405 names the methods that there are.
  if (error.code === 'method_not_allowed') response.headers.set('allow', (await methodsAt(path ?? '')).join(', '));
  for (const [name, value] of Object.entries({ ...HEADERS, 'x-request-id': requestId })) response.headers.set(name, value);
  log.info({ request_id: requestId, path, status: error.status, code: error.code }, 'request refused before it was read');
  socket.on('error', () => {});
  socket.end(await toBytes(response));
  await delay(lingerMs, undefined, { ref: false });
  socket.destroy();
}

/** The path of a request, without its query. */
export const pathOf = ({ url = '' }: Pick<IncomingMessage, 'url'>): string => url.split(/[?#]/, 1)[0] ?? '';

/** The path in the first line of what a connection sent; undefined where there is none yet. */
export const pathOfPacket = (packet: Buffer | undefined): string | undefined => /^[A-Z]+ (\/[^ ?#]*)/.exec(packet?.toString('latin1', 0, 1_024) ?? '')?.[1];
