import type { StateKind } from '#components/ui/state.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';

/** What is known of a login, whether it is a project's or a database of a site. */
export interface LoginFacts {
  state: ProjectWire['state'];
  version: number;
  /** When the current password last logged in, or null. */
  provenAt: string | null;
  lastError: string | null;
  cannotRotate: string | null;
  retiring: ProjectWire['retiring'];
}

export interface LoginStanding {
  group: 'needs' | 'fine';
  kind: StateKind;
  title: string;
  /** A sentence that says what is known; null where the time of the proof says it. */
  text: string | null;
  /** What a person does next. */
  next: 'see_why' | 'watch' | 'see_failure' | 'see_fix' | 'check' | 'deploy' | 'rotate';
  pip: 'ok' | 'warn' | 'danger' | 'accent';
}

/** How a login stands: the one answer of the overview, the sidebar, the project and the site. `noWorker`: nobody does what is in progress. */
export function loginStanding(facts: LoginFacts, noWorker = false): LoginStanding {
  const { state, lastError, cannotRotate, provenAt, retiring, version } = facts;
  if (state === 'needs_attention' && provenAt === null) {
    const text = lastError ?? 'The login has never worked from here.';
    return { group: 'needs', kind: 'failed', title: 'Login not proven', text, next: 'see_why', pip: 'danger' };
  }
  if (state === 'needs_attention') {
    const text = lastError ?? 'It is not known which password works. Both are kept.';
    return { group: 'needs', kind: 'unknown', title: 'Unknown', text, next: 'see_why', pip: 'warn' };
  }
  if (noWorker && (state === 'rotating_credentials' || state === 'verifying')) {
    const text = `${state === 'verifying' ? 'A connection check' : 'A rotation'} waits: no worker is running.`;
    return { group: 'needs', kind: 'waiting', title: 'Waiting for a worker', text, next: 'watch', pip: 'warn' };
  }
  if (state === 'rotating_credentials') {
    const text = 'The old password is kept until the new one has logged in.';
    return { group: 'fine', kind: 'running', title: 'Rotating', text, next: 'watch', pip: 'accent' };
  }
  if (state === 'verifying') {
    const text = 'Rekey logs in and checks the rights. Nothing is rotated.';
    return { group: 'fine', kind: 'running', title: 'Checking the login', text, next: 'watch', pip: 'accent' };
  }
  if (lastError !== null) return { group: 'needs', kind: 'failed', title: 'Last attempt failed', text: lastError, next: 'see_failure', pip: 'danger' };
  if (cannotRotate !== null) return { group: 'needs', kind: 'unprovable', title: 'Cannot rotate', text: cannotRotate, next: 'see_fix', pip: 'warn' };
  if (provenAt === null)
    return { group: 'needs', kind: 'unknown', title: 'Not proven', text: 'No login has proven this password yet.', next: 'check', pip: 'warn' };
  if (retiring.length > 0) return twoWork(version, retiring);
  return { group: 'fine', kind: 'ok', title: 'Works', text: null, next: 'rotate', pip: 'ok' };
}

function twoWork(version: number, retiring: ProjectWire['retiring']): LoginStanding {
  const older = retiring.map((one) => `v${one.version}`).join(' and ');
  const both = { kind: 'two-work', title: retiring.length === 1 ? 'Both passwords work' : `${retiring.length + 1} passwords work` } as const;
  // One that ends by itself needs nobody.
  if (retiring.every(({ retire_at: at }) => at !== null))
    return { ...both, group: 'fine', text: `v${version} is current. ${older} ${retiring.length === 1 ? 'ends' : 'end'} by itself.`, next: 'watch', pip: 'ok' };
  return {
    ...both,
    group: 'needs',
    text: `v${version} is current. ${older} ${retiring.length === 1 ? 'ends' : 'end'} once a deployment succeeds.`,
    next: 'deploy',
    pip: 'warn',
  };
}
