import type { ProjectWire } from '#lib/contract/project.ts';
import { type LoginStanding, loginStanding } from './login-standing.ts';

export interface Standing extends LoginStanding {
  /** The next act, and where it is done. */
  act: { label: string; href: string };
}

/** The latest of the logins that proved the current password, or null. */
export function provenAt(project: Pick<ProjectWire, 'credential'>): string | null {
  const { direct_proven_at: direct, pooled_proven_at: pooled } = project.credential;
  if (!direct || !pooled) return direct ?? pooled;
  return direct > pooled ? direct : pooled;
}

const ACTS: Record<LoginStanding['next'], { label: string; page: 'connections' | 'activity' }> = {
  see_why: { label: 'See why', page: 'connections' },
  see_failure: { label: 'See why', page: 'activity' },
  see_fix: { label: 'See fix', page: 'connections' },
  watch: { label: 'Watch', page: 'activity' },
  check: { label: 'Check', page: 'connections' },
  deploy: { label: 'Deploy', page: 'connections' },
  rotate: { label: 'Rotate', page: 'connections' },
};

/** How a project stands, in the words of the overview. Each row that needs a person says why. */
export function projectStanding(project: ProjectWire, noWorker = false): Standing {
  const { state, last_error: lastError, cannot_rotate: cannot, retiring, credential, site } = project;
  const login = loginStanding({ state, lastError, cannotRotate: cannot, retiring, version: credential.version, provenAt: provenAt(project) }, noWorker);
  const at = (page: string) => `/projects/${project.id}/${page}`;
  const { waiting, job_id: jobId } = project.consumers;
  if (login.kind === 'ok' && waiting > 0) {
    const text = waiting === 1 ? '1 manual consumer is to be updated.' : `${waiting} manual consumers are to be updated.`;
    const href = at(jobId === null ? 'connections' : `activity/${jobId}`);
    return { ...login, group: 'needs', title: jobId === null ? 'Works' : 'Rotated', text, act: { label: 'Checklist', href }, pip: 'warn' };
  }
  const { label, page } = ACTS[login.next];
  // A database of a site is deployed, and reset, on the page of the site.
  const isOfSite = site !== null && (login.next === 'deploy' || login.next === 'rotate');
  return {
    ...login,
    act: isOfSite ? { label: login.next === 'rotate' ? 'Reset' : label, href: `/sites/${encodeURIComponent(site.id)}` } : { label, href: at(page) },
  };
}
