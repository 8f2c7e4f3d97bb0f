/** A session ends after this long without a request. */
export const SESSION_IDLE_SECONDS = 12 * 3600;
/** A session ends this long after sign-in, whatever happens. */
export const SESSION_MAX_SECONDS = 30 * 24 * 3600;
/** So long after the password was given a session may do what needs a fresh one. */
export const FRESH_SECONDS = 5 * 60;
/** That a session was used is written down at most this often, and its end is moved with it. */
const SEEN_EVERY_SECONDS = 60;

const after = (from: Date, seconds: number) => new Date(from.getTime() + seconds * 1000);

/** When a session used now ends. */
export function sessionEnd(createdAt: Date, now: Date): Date {
  const [idle, max] = [after(now, SESSION_IDLE_SECONDS), after(createdAt, SESSION_MAX_SECONDS)];
  return idle < max ? idle : max;
}

/** Whether it is time to write down that a session is used. */
export const isSeenDue = (lastSeenAt: Date, now: Date): boolean => now.getTime() - lastSeenAt.getTime() >= SEEN_EVERY_SECONDS * 1000;
