import { once } from 'node:events';
import type net from 'node:net';
import { engineError } from '#lib/engines/failure.ts';
import type { Dialect } from './dialect.ts';
import { mariadb } from './mariadb.ts';
import { mysql8 } from './mysql8.ts';

/** What a server says before anything is asked of it. */
export interface Greeting {
  /** Such as `10.11.19-MariaDB`: without the mask for old replicas and what distributions add. */
  version: string;
  isMariadb: boolean;
  offersTls: boolean;
  /** Whether it holds all 20 bytes of a challenge; without them the server asks for no password. */
  hasChallenge: boolean;
}

const HEADER_BYTES = 4;
const PROTOCOL_10 = 10;
const ERROR = 0xff;
const CLIENT_SSL = 0x0800;
const CLIENT_SECURE_CONNECTION = 0x8000;
/** Before the second part of the challenge: capabilities (2), character set (1), status (2), more capabilities (2), its length (1), a filler (10). */
const BEFORE_SECOND_PART = 18;
const SECOND_PART_BYTES = 12;

/** An error in place of the greeting, such as "too many connections", with the server's number. */
export class GreetingError extends Error {
  readonly errno: number;
  constructor(errno: number) {
    super('refused before the login');
    this.errno = errno;
  }
}

/** Reads the server's first packet (protocol 10) and gives it back to the socket, for the driver to read again. */
export async function readGreeting(socket: net.Socket): Promise<Greeting> {
  let bytes: Buffer = Buffer.alloc(0);
  const closed = new AbortController();
  const onEnd = () => closed.abort();
  socket.once('close', onEnd);
  try {
    while (bytes.length < HEADER_BYTES || bytes.length < HEADER_BYTES + bytes.readUIntLE(0, 3)) {
      const [chunk] = (await once(socket, 'data', { signal: closed.signal })) as [Buffer];
      bytes = Buffer.concat([bytes, chunk]);
      // Nothing that begins so is a greeting, and waiting for its end would be in vain.
      if (bytes.length > HEADER_BYTES && bytes[HEADER_BYTES] !== PROTOCOL_10 && bytes[HEADER_BYTES] !== ERROR) throw engineError('unexpected');
    }
  } catch (error) {
    throw closed.signal.aborted ? engineError('connection_cut') : error;
  } finally {
    socket.off('close', onEnd);
  }
  socket.pause();
  socket.unshift(bytes);
  return parseGreeting(bytes.subarray(HEADER_BYTES));
}

function parseGreeting(packet: Buffer): Greeting {
  if (packet[0] === ERROR) throw new GreetingError(packet.length >= 3 ? packet.readUInt16LE(1) : 0);
  const end = packet.indexOf(0, 1);
  // After the version: connection id (4), the first part of the challenge (8), a filler (1), capabilities (2).
  const capabilities = end + 1 + 4 + 8 + 1;
  if (end < 0 || packet.length < capabilities + 2) throw engineError('unexpected');
  const text = packet.toString('utf8', 1, end).replace(/^5\.5\.5-(?=\d+\.)/, '');
  const isMariadb = /mariadb/i.test(text);
  const number = /^[\d.]+/.exec(text)?.[0] ?? text;
  const flags = packet.readUInt16LE(capabilities);
  return {
    version: isMariadb ? `${number}-MariaDB` : number,
    isMariadb,
    offersTls: (flags & CLIENT_SSL) !== 0,
    hasChallenge: (flags & CLIENT_SECURE_CONNECTION) !== 0 && packet.length >= capabilities + BEFORE_SECOND_PART + SECOND_PART_BYTES,
  };
}

/** Where the server that greeted differs from the other one. */
export const dialectOf = ({ isMariadb }: { isMariadb: boolean }): Dialect => (isMariadb ? mariadb : mysql8);
