import type { Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { FrontLimits } from './limits.ts';
import type { Receiving } from './receive-body.ts';

/** One connection of a client. All times are performance.now(). */
export interface Connection {
  socket: Socket;
  network: string;
  /** Since when it waits for a request. */
  waitingSince: number;
  answered: number;
  /** Requests that are being received or answered. */
  open: number;
  receiving: Receiving | undefined;
  /** The path of its latest request. */
  path: string | undefined;
  /** Bytes that the client has taken, and since when it has taken no more. */
  taken: number;
  takenAt: number;
  isRefused: boolean;
}

/** IPv4 as it is, IPv6 by the 64 bits that a provider gives to one customer. */
export function networkOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return '';
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4' ? parsed.toString() : parsed.toByteArray().slice(0, 8).join('.');
}

/** How long a client may go without reading any of its response before a new connection may displace it, in ms. */
const SLOW_READER_MS = 5_000;

/** Which to close first: never one whose request is complete, unless its client reads nothing; then those that were never answered, or refused; then the longest waiting. */
function closes(connection: Connection, before: Connection | undefined, now: number): boolean {
  const isBusy = connection.open > 0 && connection.receiving === undefined && !connection.isRefused && !isStalled(connection, now, SLOW_READER_MS);
  if (isBusy) return false;
  if (before === undefined) return true;
  const [isKnown, otherIsKnown] = [connection, before].map(({ answered, isRefused }) => answered > 0 && !isRefused);
  return isKnown === otherIsKnown ? connection.waitingSince < before.waitingSince : otherIsKnown === true;
}

export const isStalled = ({ socket, takenAt }: Connection, now: number, ms: number): boolean => socket.writableLength > 0 && now - takenAt > ms;

/**
 * All connections, at most so many and at most so many from one address. A further one is let in by closing one that
 * waits: whoever holds thousands open displaces their own, and a new request is answered before it is its turn.
 */
export class Connections {
  readonly #bySocket = new Map<Socket, Connection>();
  readonly #byNetwork = new Map<string, Set<Connection>>();
  readonly #limits: FrontLimits;
  readonly #isProxy: (address: string) => boolean;

  /** `isProxy` names addresses that speak for many clients: they count for the whole only. */
  constructor(limits: FrontLimits, isProxy: (address: string) => boolean) {
    this.#limits = limits;
    this.#isProxy = isProxy;
  }

  get(socket: Socket): Connection | undefined {
    return this.#bySocket.get(socket);
  }

  all(): Iterable<Connection> {
    return this.#bySocket.values();
  }

  /** Takes a new connection in, or closes it where no other can make way. */
  admit(socket: Socket): void {
    const { remoteAddress } = socket;
    const network = networkOf(remoteAddress);
    const neighbors = this.#byNetwork.get(network) ?? new Set();
    const isCrowded = neighbors.size >= this.#limits.connectionsPerAddress && !(remoteAddress && this.#isProxy(remoteAddress));
    if (isCrowded && !this.#makeWay(neighbors)) return void socket.resetAndDestroy();
    if (this.#bySocket.size >= this.#limits.connections && !this.#makeWay(this.#bySocket.values())) return void socket.resetAndDestroy();
    const now = performance.now();
    const connection: Connection = {
      socket,
      network,
      waitingSince: now,
      answered: 0,
      open: 0,
      receiving: undefined,
      path: undefined,
      taken: 0,
      takenAt: now,
      isRefused: false,
    };
    this.#bySocket.set(socket, connection);
    this.#byNetwork.set(network, neighbors.add(connection));
    socket.once('close', () => this.#forget(connection));
  }

  #makeWay(candidates: Iterable<Connection>): boolean {
    const now = performance.now();
    let first: Connection | undefined;
    for (const candidate of candidates) if (closes(candidate, first, now)) first = candidate;
    if (!first) return false;
    this.#forget(first);
    first.socket.resetAndDestroy();
    return true;
  }

  #forget(connection: Connection): void {
    this.#bySocket.delete(connection.socket);
    const neighbors = this.#byNetwork.get(connection.network);
    neighbors?.delete(connection);
    if (neighbors?.size === 0) this.#byNetwork.delete(connection.network);
  }
}
