/** `live`: the stream speaks. `polling`: the stream is silent, asking works. `stale`: neither; what is shown may not be true now. */
export type LiveState = 'live' | 'polling' | 'stale';

/** After so much silence the page asks by itself. */
export const SILENT_MS = 5000;
/** After so much without any answer it is not live. */
export const STALE_MS = 15_000;

/** The state from the last word of the stream and the last answer of the API, in milliseconds since the epoch. */
export function liveState(now: number, heardAt: number, answeredAt: number): LiveState {
  if (now - heardAt <= SILENT_MS) return 'live';
  return now - Math.max(heardAt, answeredAt) <= STALE_MS ? 'polling' : 'stale';
}
