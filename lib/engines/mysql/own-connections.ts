/** The server may list a connection for a moment after it was closed. */
const FORGET_AFTER_MS = 5_000;

const ours = new Map<string, Set<number>>();

/** Notes a connection of this process: it is not a session of anybody. */
export function markOurs(server: string, id: number): void {
  const ids = ours.get(server) ?? new Set();
  ours.set(server, ids.add(id));
}

/** Forgets a connection that was closed, once the server has too: after a restart it counts from 1 again. */
export function markEnded(server: string, id: number): void {
  const ids = ours.get(server);
  setTimeout(() => {
    ids?.delete(id);
    if (ids?.size === 0) ours.delete(server);
  }, FORGET_AFTER_MS).unref();
}

/** Whether a connection is one of this process. */
export const isOurs = (server: string, id: number): boolean => ours.get(server)?.has(id) ?? false;
