import { apiBodyLimit, BODY_LIMIT_BYTES } from '#lib/http/read-body.ts';

/** What one client, and all of them together, may ask of the web server. Times in ms, sizes in bytes. */
export interface FrontLimits {
  headerBytes: number;
  /** From the first byte, or from the connect, to the end of the headers. */
  headersMs: number;
  /** From the first byte to the end of the body. */
  requestMs: number;
  keepAliveMs: number;
  connections: number;
  /** Of one IPv4 address or one IPv6 network of 64 bits. */
  connectionsPerAddress: number;
  /** Requests that one connection may send without waiting for their answers: no client in use does, but the next may overtake the end of the last. */
  pipelined: number;
  /** Sign-in forms; pages and unknown addresses take none. */
  otherBodyBytes: number;
  /** Of all bodies that are in memory together. */
  bodiesBytes: number;
  /** After this long a body has to have come in at `bodyBytesPerSecond` on average. */
  bodyGraceMs: number;
  bodyBytesPerSecond: number;
  /** How long a client may go without reading any of its response, in ms. */
  stalledMs: number;
  /** How long a refused client may read why before the connection is cut. */
  lingerMs: number;
  /** Refused connections that linger at once, each with up to 64 KB of what it sent; a further one cuts the first. */
  lingering: number;
  sweepMs: number;
}

/** A browser holds six connections, a busy API client some dozens; a reverse proxy holds as many as its members do. */
export const FRONT_LIMITS: FrontLimits = {
  headerBytes: 16_384,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 5_000,
  connections: 1_024,
  connectionsPerAddress: 256,
  pipelined: 2,
  otherBodyBytes: 16_384,
  bodiesBytes: 8 * BODY_LIMIT_BYTES,
  bodyGraceMs: 5_000,
  bodyBytesPerSecond: 1_024,
  stalledMs: 30_000,
  lingerMs: 500,
  lingering: 64,
  sweepMs: 1_000,
};

const API = /^\/api\/(?:capydb\/)?v1(?:\/|$)/;

/** How large the body of a request to this path may be: whatever the router makes of the path, the smaller limit is the default. */
export const bodyLimit = (path: string, limits: FrontLimits): number => (API.test(path) ? apiBodyLimit(path) : limits.otherBodyBytes);
