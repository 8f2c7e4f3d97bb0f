import { IncomingMessage } from 'node:http';

/** What is in memory of a request's body, until the request is answered. */
export interface Receiving {
  bytes: number;
  /** What it may grow to, as far as that is known. */
  reserved: number;
  isWhole: boolean;
  /** performance.now(). */
  began: number;
  fail: (why: 'too_large' | 'too_slow' | 'crowded') => void;
}

export type Received = { body: Buffer } | { failed: 'too_large' | 'too_slow' | 'crowded' } | { failed: 'gone' };

/** Whether a body follows the headers (RFC 9112, 6.3). */
export const announcesBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Reads a body of at most `limitBytes`; past it, once `fail` is called or where `mayGrow` says no, nothing more is read. */
export function receiveBody(request: IncomingMessage, limitBytes: number, receiving: Receiving, mayGrow: () => boolean): Promise<Received> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const end = (result: Received) => {
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      request.pause();
      resolve(result);
    };
    const onData = (piece: Buffer) => {
      receiving.bytes += piece.length;
      if (receiving.bytes > limitBytes) return receiving.fail('too_large');
      if (!mayGrow()) return receiving.fail('crowded');
      pieces.push(piece);
    };
    const onEnd = () => {
      receiving.isWhole = true;
      end({ body: Buffer.concat(pieces) });
    };
    const onClose = () => end({ failed: 'gone' });
    receiving.fail = (failed) => end({ failed });
    request
      .on('error', () => {})
      .on('data', onData)
      .on('end', onEnd)
      .on('close', onClose);
  });
}

/** Returns the same request with its body already received, for handlers that read it as a stream. */
export function withBody(request: IncomingMessage, body: Buffer): IncomingMessage {
  const whole = new IncomingMessage(request.socket);
  const { 'transfer-encoding': _, ...headers } = request.headers;
  Object.assign(whole, {
    method: request.method,
    url: request.url,
    httpVersion: request.httpVersion,
    httpVersionMajor: request.httpVersionMajor,
    httpVersionMinor: request.httpVersionMinor,
    headers: { ...headers, 'content-length': String(body.length) },
    rawHeaders: request.rawHeaders,
    complete: true,
  });
  whole.push(body);
  whole.push(null);
  return whole;
}
