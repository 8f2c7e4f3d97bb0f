// The HTTP server before Next: what a request may cost is settled here, before anything parses it.
import { createServer, IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate as allArrived, setTimeout as delay } from 'node:timers/promises';
import { methodsAt } from '#lib/http/methods-at.ts';
import { problemResponse } from '#lib/http/problem.ts';
import { vectorRefusal } from '#lib/http/vector-refusal.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { log } from '#lib/kernel/log.ts';
import { type Connection, Connections, isStalled } from './connections.ts';
import { bodyLimit, FRONT_LIMITS, type FrontLimits } from './limits.ts';
import { oneSlash } from './one-slash.ts';
import { announcesBody, type Receiving, receiveBody, withBody } from './receive-body.ts';

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

const VECTOR = /^\/api\/(?:capydb\/)?v1\/vector(?:\/|$)/;

function inDialect(error: DomainError, path: string | undefined, requestId: string): Response {
  if (path !== undefined && VECTOR.test(path)) return vectorRefusal(error, requestId);
  // A request whose first line could not be parsed does not come from a browser.
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
async function refuseOnSocket(socket: Duplex, error: DomainError, path: string | undefined, lingerMs: number): Promise<void> {
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
const pathOf = ({ url = '' }: Pick<IncomingMessage, 'url'>): string => url.split(/[?#]/, 1)[0] ?? '';

/** The path in the first line of what a connection sent; undefined where there is none yet. */
const pathOfPacket = (packet: Buffer | undefined): string | undefined => /^[A-Z]+ (\/[^ ?#]*)/.exec(packet?.toString('latin1', 0, 1_024) ?? '')?.[1];

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface FrontOptions {
  limits?: Partial<FrontLimits>;
  /** Whether an address is that of a reverse proxy, which speaks for many clients. */
  isProxy?: (address: string) => boolean;
}

const kib = (bytes: number): string => (bytes < 1_048_576 ? `${bytes / 1_024} KB` : `${bytes / 1_048_576} MB`);

const tooLarge = (limitBytes: number) => new DomainError('body_too_large', `The body is larger than ${kib(limitBytes)}. Nothing was changed.`);
const tooSlow = () => new DomainError('request_timeout', 'The request took too long to arrive. Nothing was changed. Send it again.');
const crowded = () =>
  new DomainError('unavailable', 'Rekey is receiving too much at once. Nothing was changed. Send the request again in a few seconds.', {
    retryAfterSeconds: 5,
  });
const headersTooLarge = (limitBytes: number) => new DomainError('headers_too_large', `The headers are larger than ${kib(limitBytes)}. Nothing was changed.`);
/** Next answers others with an empty body, or breaks: a Request may not even be made of TRACE. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const noSuchMethod = (method = '') => new DomainError('method_not_allowed', `There is no ${method} here. Nothing was changed.`);
const malformed = () => new DomainError('malformed_request', 'The request is not valid HTTP. Nothing was changed.');

/**
 * Node parses all that came in one read, up to 3,000 requests, even once their socket is destroyed. It stops at a request
 * that asks for an upgrade, so each one after the end of its connection says that it does.
 */
export class StoppableRequest extends IncomingMessage {
  private asksForUpgrade = false;

  get upgrade(): boolean {
    return this.asksForUpgrade || this.socket.destroyed;
  }

  set upgrade(asks: boolean) {
    this.asksForUpgrade = asks;
  }
}

/**
 * A server that hands `handle` complete requests of bounded size. A larger one is answered with 413 or 431, a slow one
 * with 408, in the dialect of its path, and its connection is closed; nothing of them reaches `handle`. Answers may be
 * as long, and stay open for as long, as their clients read them.
 */
export function createFront(handle: Handler, options: FrontOptions = {}): Server {
  const limits = { ...FRONT_LIMITS, ...options.limits };
  const connections = new Connections(limits, options.isProxy ?? (() => false));
  const bodies = new Set<Receiving>();
  const lingering = new Set<Socket>();

  const refuse = (connection: Connection, error: DomainError): void => {
    if (connection.isRefused) return;
    connection.isRefused = true;
    const { socket, path } = connection;
    void refuseOnSocket(socket, error, path, limits.lingerMs);
    lingering.add(socket);
    socket.once('close', () => lingering.delete(socket));
    const [first] = lingering;
    if (first && lingering.size > limits.lingering) {
      lingering.delete(first);
      first.destroy();
    }
  };

  /**
   * Keeps so many bytes for a body, where need be by refusing the largest unfinished ones: small requests go on while
   * somebody sends large ones. False where it is the largest itself; nothing more of it is read then.
   */
  const reserve = (receiving: Receiving, bytes: number): boolean => {
    receiving.reserved = Math.max(receiving.reserved, bytes);
    const unfinished = [...bodies].filter(({ isWhole }) => !isWhole).sort((a, b) => b.reserved - a.reserved);
    let sum = 0;
    for (const { reserved } of bodies) sum += reserved;
    for (const largest of unfinished) {
      if (sum <= limits.bodiesBytes) return true;
      if (largest.reserved <= receiving.reserved) break;
      sum -= largest.reserved;
      largest.fail('crowded');
    }
    return sum <= limits.bodiesBytes;
  };

  /** The body; why it was refused; undefined where its client has gone. */
  const receive = async (
    connection: Connection,
    request: IncomingMessage,
    response: ServerResponse,
    limitBytes: number,
  ): Promise<Buffer | DomainError | undefined> => {
    const receiving: Receiving = { bytes: 0, reserved: 0, isWhole: false, began: performance.now(), fail: () => {} };
    bodies.add(receiving);
    response.once('close', () => bodies.delete(receiving));
    // One that does not announce its length takes room as it comes.
    if (!reserve(receiving, Number(request.headers['content-length'] ?? 0))) {
      bodies.delete(receiving);
      return crowded();
    }
    connection.receiving = receiving;
    const received = await receiveBody(request, limitBytes, receiving, () => reserve(receiving, receiving.bytes));
    connection.receiving = undefined;
    if (!('body' in received)) bodies.delete(receiving);
    if ('body' in received) return received.body;
    if (received.failed === 'too_large') return tooLarge(limitBytes);
    if (received.failed === 'too_slow') return tooSlow();
    return received.failed === 'crowded' ? crowded() : undefined;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, mayContinue: boolean): Promise<void> => {
    const connection = connections.get(request.socket);
    if (!connection) return;
    connection.open += 1;
    if (connection.open > limits.pipelined) return void request.socket.destroy();
    if (connection.isRefused) return;
    response.once('close', () => {
      connection.open -= 1;
      connection.answered += 1;
      connection.waitingSince = performance.now();
    });
    request.url = oneSlash(request.url ?? '');
    connection.path = pathOf(request);
    if (request.httpVersion === '1.1' && request.headers.host === undefined) return refuse(connection, malformed());
    if (!METHODS.has(request.method ?? '')) return refuse(connection, noSuchMethod(request.method));
    if (!announcesBody(request)) {
      // Requests that came in the same packet are counted first: where they are too many, none of them is begun.
      await allArrived();
      return request.socket.destroyed ? undefined : handle(request, response);
    }
    const limitBytes = bodyLimit(connection.path, limits);
    if (Number(request.headers['content-length'] ?? 0) > limitBytes) return refuse(connection, tooLarge(limitBytes));
    // Send 100 Continue only to a client that waits for it.
    if (mayContinue) response.writeContinue();
    const body = await receive(connection, request, response, limitBytes);
    if (body instanceof DomainError) refuse(connection, body);
    else if (body) await handle(withBody(request, body), response);
  };

  const server = createServer({
    IncomingMessage: StoppableRequest,
    // Node answers one without a host by itself, and does not count it.
    requireHostHeader: false,
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: limits.sweepMs,
  });
  server.on('connection', (socket: Socket) => connections.admit(socket));
  server.on('request', (request, response) => void answer(request, response, false));
  // Nor does it count one with an expectation that it does not know.
  server.on('checkExpectation', (request, response) => void answer(request, response, false));
  server.on('checkContinue', (request, response) => void answer(request, response, true));
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Duplex) => {
    const connection = connections.get(socket as Socket);
    if (!connection || !socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    // Another response may be half written, so no error can be sent.
    if (connection.open > 0 && connection.receiving === undefined && !connection.isRefused) return void socket.destroy();
    if (connection.open === 0) connection.path = pathOfPacket(error.rawPacket);
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') refuse(connection, tooSlow());
    else refuse(connection, error.code === 'HPE_HEADER_OVERFLOW' ? headersTooLarge(limits.headerBytes) : malformed());
  });

  const sweep = setInterval(() => {
    const now = performance.now();
    for (const connection of connections.all()) {
      const { socket, receiving } = connection;
      if (receiving) {
        const dueMs = now - receiving.began - limits.bodyGraceMs;
        if (dueMs > 0 && receiving.bytes < (dueMs / 1_000) * limits.bodyBytesPerSecond) receiving.fail('too_slow');
      }
      const taken = socket.bytesWritten - socket.writableLength;
      if (taken !== connection.taken || socket.writableLength === 0) Object.assign(connection, { taken, takenAt: now });
      else if (isStalled(connection, now, limits.stalledMs)) socket.destroy();
    }
  }, limits.sweepMs);
  sweep.unref();
  server.once('close', () => clearInterval(sweep));
  return server;
}
