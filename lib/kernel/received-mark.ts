import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

const HEADER = 'x-rekey-received';
/** Nobody is held to have waited longer than this to be let in, in ms. */
const LONGEST_QUEUE_MS = 10_000;

/** The machine's monotonic clock in ms, the same for all its processes. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** One turn of the event loop. What is read in it had arrived when it began. */
interface Turn {
  began: number;
  /** The connections let in: Node lets in one a turn, while the others queue. */
  accepted: Set<unknown>;
}

/**
 * From now on each request that this process receives carries the mark of its arrival, whatever its client sent in that
 * header. Where many come at once on connections of their own, the last is let in long after it came: it counts as
 * having come when the queue began.
 */
export function markRequests(): void {
  let turn: Turn | undefined;
  let last: Turn | undefined;
  let queueBegan: number | undefined;

  const thisTurn = (): Turn => {
    if (!turn) setImmediate(endTurn);
    turn ??= { began: monotonicMs(), accepted: new Set() };
    return turn;
  };
  const endTurn = (): void => {
    last = turn;
    turn = undefined;
    // Only a turn that lets in nobody shows that the queue is empty.
    if (last?.accepted.size) thisTurn();
    else queueBegan = undefined;
  };

  subscribe('net.server.socket', (message) => {
    const { began, accepted } = thisTurn();
    queueBegan ??= began;
    accepted.add((message as { socket: unknown }).socket);
  });
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    const { began } = thisTurn();
    // What is read right after its connection was let in may have come with it.
    const mark = last?.accepted.has(request.socket) ? Math.max(queueBegan ?? began, began - LONGEST_QUEUE_MS) : began;
    request.headers[HEADER] = String(mark);
  });
}

/** Returns when a request arrived, by monotonicMs, or the current time for an unmarked request. */
export function readReceivedMark(headers: { get(name: string): string | null }): number {
  const now = monotonicMs();
  const mark = Number(headers.get(HEADER) ?? now);
  return mark <= now ? mark : now;
}
