interface Sample {
  /** The store's time, in ms since 1970, … */
  storeMs: number;
  /** … when the monotonic clock of this process showed this. */
  mark: number;
  /** How long the answer took, in ms: twice the most that it can be wrong by. */
  tookMs: number;
}

/** A sample is replaced by a worse one after this long: clocks drift by microseconds a second. */
const TRUSTED_MS = 60_000;

// The bundler may give a process several copies of this module.
const cache = globalThis as typeof globalThis & { rekeyClock?: Sample };

const estimate = ({ storeMs, mark }: Sample): number => storeMs + performance.now() - mark;

/**
 * The time by the store's clock, `laterMs` from now. All times that several processes compare are given by it: due times,
 * leases, deadlines, proofs, expiries. Between two samples it goes on by the monotonic clock, so a change of this
 * machine's clock moves nothing. Before the first sample it is this machine's own time.
 */
export const storeTime = (laterMs = 0): Date => new Date(Math.floor((cache.rekeyClock ? estimate(cache.rekeyClock) : Date.now()) + laterMs));

/** Takes note of what the store's clock showed in the middle of `tookMs` that have just passed. */
export function noteStoreTime(shownMs: number, tookMs: number): void {
  const sample: Sample = { storeMs: shownMs + tookMs / 2, mark: performance.now(), tookMs };
  const known = cache.rekeyClock;
  // A machine that slept has stopped its monotonic clock: then what was known is wrong by more than both can be.
  const isWrong = known && Math.abs(estimate(known) - sample.storeMs) > known.tookMs + tookMs + 100;
  if (!known || isWrong || tookMs <= known.tookMs || sample.mark - known.mark > TRUSTED_MS) cache.rekeyClock = sample;
}
