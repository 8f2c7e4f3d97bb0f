import type { StateKind } from '#components/ui/state.tsx';
import type { ProjectWire } from '#lib/http/wire/project.ts';

export interface Standing {
  group: 'needs' | 'fine';
  kind: StateKind;
  title: string;
  /** A sentence that says what is known; null where the time of the proof says it. */
  text: string | null;
  /** The next act, and the page where it is done. */
  act: { label: string; page: `connections` | `activity${string}` };
  pip: 'ok' | 'warn' | 'danger' | 'accent';
}

/** The latest of the logins that proved the current password, or null. */
export function provenAt(project: ProjectWire): string | null {
  const { direct_proven_at: direct, pooled_proven_at: pooled } = project.credential;
  if (!direct || !pooled) return direct ?? pooled;
  return direct > pooled ? direct : pooled;
}

/** How a project stands, in the words of the overview. Each row that needs a person says why. */
export function projectStanding(project: ProjectWire, noWorker = false): Standing {
  const { state, last_error: lastError, rights } = project;
  if (state === 'needs_attention' && provenAt(project) === null) {
    const text = lastError ?? 'The login has never worked from here.';
    return { group: 'needs', kind: 'failed', title: 'Login not proven', text, act: { label: 'See why', page: 'connections' }, pip: 'danger' };
  }
  if (state === 'needs_attention') {
    const text = lastError ?? 'It is not known which password works. Both are kept.';
    return { group: 'needs', kind: 'unknown', title: 'Unknown', text, act: { label: 'See why', page: 'connections' }, pip: 'warn' };
  }
  if (noWorker && (state === 'rotating_credentials' || state === 'verifying')) {
    const isRotating = state === 'rotating_credentials';
    const text = `${isRotating ? 'A rotation' : 'A connection check'} waits: no worker is running.`;
    const page = isRotating ? ('activity' as const) : ('connections' as const);
    return { group: 'needs', kind: 'waiting', title: 'Waiting for a worker', text, act: { label: 'Watch', page }, pip: 'warn' };
  }
  if (state === 'rotating_credentials') {
    const text = 'The old password is kept until the new one has logged in.';
    return { group: 'fine', kind: 'running', title: 'Rotating', text, act: { label: 'Watch', page: 'activity' }, pip: 'accent' };
  }
  if (state === 'verifying') {
    const text = 'Rekey logs in and checks the rights. Nothing is rotated.';
    return { group: 'fine', kind: 'running', title: 'Checking the login', text, act: { label: 'Watch', page: 'connections' }, pip: 'accent' };
  }
  if (lastError !== null) {
    return { group: 'needs', kind: 'failed', title: 'Last attempt failed', text: lastError, act: { label: 'See why', page: 'activity' }, pip: 'danger' };
  }
  const stop = rights?.notes.find((note) => note.tone === 'danger');
  if (stop) return { group: 'needs', kind: 'unprovable', title: 'Cannot rotate', text: stop.text, act: { label: 'See fix', page: 'connections' }, pip: 'warn' };
  if (provenAt(project) === null) {
    const text = 'No login has proven this password yet.';
    return { group: 'needs', kind: 'unknown', title: 'Not proven', text, act: { label: 'Check', page: 'connections' }, pip: 'warn' };
  }
  const { waiting, job_id: jobId } = project.consumers;
  if (waiting > 0) {
    const text = waiting === 1 ? '1 manual consumer is to be updated.' : `${waiting} manual consumers are to be updated.`;
    const page = jobId === null ? ('connections' as const) : (`activity/${jobId}` as const);
    return { group: 'needs', kind: 'ok', title: jobId === null ? 'Works' : 'Rotated', text, act: { label: 'Checklist', page }, pip: 'warn' };
  }
  return { group: 'fine', kind: 'ok', title: 'Works', text: null, act: { label: 'Rotate', page: 'connections' }, pip: 'ok' };
}
