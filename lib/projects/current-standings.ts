import { reachableProjects } from '#lib/access/visible-projects.ts';
import type { Context } from '#lib/kernel/context.ts';
import { catchUpWithChanges, subscribe } from '#lib/queue/change-feed.ts';
import { workersAlive } from '#lib/queue/health.ts';
import { type ProjectStanding, readStandings } from './standings.ts';

interface Kept {
  noWorker: boolean;
  rows: Promise<ProjectStanding[]>;
  /** Begins the time anew after which nobody has asked for it. */
  use: () => void;
  forget: () => void;
}

const UNUSED_MS = 60_000;
/** Changes that leave every standing as it is. */
const OTHER_KINDS = new Set(['audit', 'session', 'member', 'webhook', 'departure', 'campaign']);

const cache = globalThis as typeof globalThis & { rekeyStandings?: Map<string, Kept> };
cache.rekeyStandings ??= new Map();
const kept = cache.rekeyStandings;

/** Reads them, and keeps them until something changes: thousands of projects are judged once, not for each request. */
function keep(organizationId: string, noWorker: boolean): Kept {
  const forget = () => {
    unsubscribe();
    clearTimeout(timer);
    if (kept.get(organizationId) === made) kept.delete(organizationId);
  };
  const onChange = ({ kind }: { kind: string }) => {
    if (!OTHER_KINDS.has(kind)) forget();
  };
  // Before the read: a change that the read misses is heard afterwards.
  const unsubscribe = subscribe({ organizationId, onChange, onLost: forget });
  const timer = setTimeout(forget, UNUSED_MS).unref();
  const rows = readStandings(organizationId, noWorker);
  const made: Kept = { noWorker, rows, use: () => timer.refresh(), forget };
  rows.catch(forget);
  kept.get(organizationId)?.forget();
  kept.set(organizationId, made);
  return made;
}

/** How the projects that the actor may see stand, by name. Where the store's changes cannot be heard they are read anew each time. */
export async function currentStandings(context: Context): Promise<ProjectStanding[]> {
  const { organizationId } = context;
  const [{ count }, isHeard] = await Promise.all([
    workersAlive(),
    catchUpWithChanges()
      .then(() => true)
      .catch(() => false),
  ]);
  const noWorker = count === 0;
  const known = kept.get(organizationId);
  known?.use();
  const rows = !isHeard ? await readStandings(organizationId, noWorker) : await (known?.noWorker === noWorker ? known : keep(organizationId, noWorker)).rows;
  const reachable = reachableProjects(context);
  if (reachable === null) return rows;
  const ids = new Set(reachable);
  return rows.filter(({ id }) => ids.has(id));
}
