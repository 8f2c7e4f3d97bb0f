import { describe, expect, test } from 'vitest';
import { plain } from '#components/ui/sentence.ts';
import type { JobWire, RotationWire, StepKind } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { failedCheck, newestOfLogin, projectProof } from './project-proof.ts';
import { rotationProof } from './rotation-proof.ts';
import { runningWords, type Work } from './running-words.ts';

const time = (second: number): string => `2026-11-21T14:02:${String(second).padStart(2, '0')}.000Z`;
const yes = (second: number) => ({ verdict: 'accepted' as const, at: time(second), duration_ms: 38, by: 'login' as const });
const no = (second: number) => ({ verdict: 'refused' as const, at: time(second), duration_ms: 12, by: 'login' as const });
const steps = (...kinds: StepKind[]): RotationWire['steps'] =>
  kinds.map((kind, index) => ({ id: String(index), kind, attempt: 1, at: time(index), duration_ms: null, detail: {} }));

const rotation: RotationWire = {
  id: 'rot_1',
  state: 'requested',
  kind: 'rotate',
  from_version: 14,
  to_version: 15,
  is_staged: true,
  retirement: 'immediate',
  keeps: [],
  retire_at: null,
  is_old_retired: false,
  reason: null,
  note: null,
  close_sessions: false,
  requested_by: 'owner@example.com',
  has_pooler: true,
  proofs: {},
  sessions_before: null,
  sessions_left: null,
  rescan_at: null,
  error_code: null,
  next_attempt_at: null,
  created_at: time(10),
  changed_at: null,
  finished_at: null,
  steps: [],
  tasks: [],
};
const project: ProjectWire = {
  id: 'prj_1',
  organization_id: 'org_1',
  name: 'shop',
  slug: 'shop',
  environment: 'production',
  engine: 'postgresql',
  state: 'ready',
  database_name: 'shop',
  role_name: 'shop_app',
  public_host: 'pg-1.internal',
  direct_port: 5432,
  pooled_port: 6432,
  pooled_host: 'pg-1.internal',
  ssl_mode: 'verify-full',
  last_error: null,
  latest_job_id: null,
  rotated_at: time(0),
  created_at: time(0),
  updated_at: time(0),
  sends_plaintext: false,
  server_version: '16.4',
  rotator_name: null,
  urls: { direct: 'postgresql://app:@db.example.com:5432/shop', pooled: null },
  credential: { version: 14, direct_proven_at: time(7), pooled_proven_at: time(8), created_at: time(0) },
  rights: null,
  cannot_rotate: null,
  retiring: [],
  site: null,
  protection: { text: null, direct: null, pooled: null, allows_md5: false, refused_keys: [] },
  policy: null,
  tags: {},
  consumers: { total: 0, up_to_date: 0, waiting: 0, job_id: null },
  old_sessions: null,
};
const verify: JobWire = {
  id: 'job_1',
  organization_id: 'org_1',
  project_id: 'prj_1',
  type: 'project.verify_connection',
  state: 'failed',
  attempts: 3,
  max_attempts: 4,
  error: 'The server does not answer.',
  error_code: 'server_unreachable',
  retry_classification: 'transient',
  requested_by: 'owner@example.com',
  created_at: time(20),
  claimed_at: null,
  claimed_by: null,
  started_at: null,
  completed_at: time(25),
  updated_at: time(25),
  rotation: null,
  sync: null,
  deployment: null,
};

const read = ({ tone, strong, small }: ReturnType<typeof rotationProof>): string =>
  `${tone}| ${plain(strong, (t) => t.slice(11, 19))} ${plain(small, (t) => t.slice(11, 19))}`;
const of = (change: Partial<RotationWire>): string => read(rotationProof({ ...rotation, ...change }));

describe('a running rotation', () => {
  test.each([
    [{ state: 'requested' }, 'accent| Nothing has been sent yet. Checking that v14 logs in.'],
    [{ state: 'requested', proofs: { old: { direct: yes(10) } } }, 'accent| The old password works. v14 logged in at 14:02:10. Nothing has been sent yet.'],
    [
      { state: 'staged', proofs: { old: { direct: yes(10) } } },
      'accent| The old password works. v14 logged in at 14:02:10. v15 is stored here. The server is not touched yet.',
    ],
    [{ state: 'applying', proofs: { old: { direct: yes(10) } } }, 'accent| The new password is being sent. Until it logs in, v14 or v15 works. Both are kept.'],
    [{ state: 'verifying', proofs: { old: { direct: yes(10) } } }, 'accent| The server acknowledged the change. Logging in with v15. Both are kept.'],
    [
      { state: 'verifying', proofs: { new: { direct: yes(11) } } },
      'accent| The new password works directly. Trying the pooler. The old one is still kept, so this can be undone.',
    ],
    [
      { state: 'verifying', proofs: { new: { direct: yes(11), pooled: no(12) } } },
      'accent| The new password works directly. Trying the pooler. The old one is still kept, so this can be undone.',
    ],
    [
      { state: 'promoted', proofs: { new: { direct: yes(11), pooled: yes(12) } } },
      'accent| The new password works. v15 logged in directly and through the pooler at 14:02:12. Checking that v14 is rejected.',
    ],
    [
      { state: 'verifying', steps: steps('changed', 'undoing') },
      'accent| The old password is being restored. The new one was rejected. Both are kept until v14 has logged in.',
    ],
  ] as const)('%o', (change, expected) => {
    expect(of(change as Partial<RotationWire>)).toBe(expected);
  });

  test('claims nothing about the server while no worker has taken it', () => {
    expect(read(rotationProof(rotation, 'queued'))).toBe('accent| Nothing has been sent yet. Waiting for a worker. v14 stays the password.');
  });

  test.each([
    [{ state: 'requested' }, 'warn| Nothing has been sent: no worker is running. v14 stays the password. The rotation starts once a worker runs.'],
    [
      { state: 'staged', proofs: { old: { direct: yes(10) } } },
      'warn| Nothing has been sent: no worker is running. v14 stays the password. v15 is stored here. The rotation continues once a worker runs.',
    ],
    [{ state: 'applying' }, 'warn| Not known: either v14 or v15 works. No worker is running to check on the server. Both are kept.'],
    [{ state: 'verifying' }, 'warn| The server acknowledged the change, but no worker is running to verify it. Both v14 and v15 are kept.'],
    [
      { state: 'verifying', steps: steps('changed', 'undoing') },
      'warn| Not known: either v14 or v15 works. No worker is running to check on the server. Both are kept.',
    ],
    [
      { state: 'promoted', proofs: { new: { direct: yes(11), pooled: yes(12) } } },
      'warn| The new password works. v15 logged in directly and through the pooler at 14:02:12. No worker is running to check that v14 is rejected.',
    ],
    [{ state: 'needs_attention' }, 'warn| Not known: either v14 or v15 works. No worker is running to check on the server. Both are kept.'],
    [{ kind: 'retire', state: 'requested' }, 'warn| The current password works. No worker is running to end the old passwords.'],
  ] as const)('says that no worker is running, what was sent, and how to start one: %j', (change, expected) => {
    const words = read(rotationProof({ ...rotation, ...change } as RotationWire, 'no_worker'));
    expect(words).toBe(`${expected} Start one with npm run worker, or restart npm start.`);
  });

  test('an ended rotation needs no worker', () => {
    const proofs = { new: { direct: yes(10) }, old: { direct: no(12) } };
    expect(read(rotationProof({ ...rotation, state: 'completed', has_pooler: false, proofs }, 'no_worker'))).toMatch(/^ok\| Only the new password works\./);
  });

  test('names what is done now: nothing where nobody does it', () => {
    const now = (work: Work) => plain(runningWords(rotation, 'shop_app', work) ?? []);
    expect([now('running'), now('queued'), now('no_worker')]).toEqual(['Checking that v14 logs in', 'Waiting for a worker', 'Waiting: no worker is running']);
  });

  test('says nothing of a pooler where there is none', () => {
    expect(of({ state: 'verifying', has_pooler: false, proofs: { new: { direct: yes(11) } } })).not.toContain('pooler');
  });
});

describe('an ended rotation', () => {
  test.each([
    [{ retirement: 'on_deploy' }, 'info| Both passwords work. v15 and v14 logged in, at 14:02:12. v14 is kept until a deployment with a newer one succeeds.'],
    [{ retirement: 'grace', retire_at: time(30) }, 'info| Both passwords work. v15 and v14 logged in, at 14:02:12. v14 ends at 14:02:30.'],
    [{ retirement: 'on_deploy', is_old_retired: true }, 'ok| The new password works. v15 and v14 logged in, at 14:02:12. v14 has ended since.'],
    [{ kind: 'retire', from_version: 15, keeps: [] }, 'ok| Only the current password works. v15 logged in and the ended ones were rejected, at 14:02:12.'],
  ] as const)('completed, with the old one left valid or ended: %j', (change, expected) => {
    const proofs = { new: { direct: yes(10) }, old: { direct: yes(12) } };
    expect(of({ state: 'completed', has_pooler: false, proofs, keeps: [14], ...change } as Partial<RotationWire>)).toBe(expected);
  });

  test('completed: only the new one works, with the time of the refusal', () => {
    const proofs = { new: { direct: yes(10), pooled: yes(11) }, old: { direct: no(12), pooled: no(12) }, wrong: { direct: no(12), pooled: no(12) } };
    expect(of({ state: 'completed', proofs, sessions_left: 3 })).toBe(
      'ok| Only the new password works. v15 logged in and v14 was rejected, direct and pooled, at 14:02:12. 3 sessions opened with v14 are still open.',
    );
    expect(of({ state: 'completed', proofs, sessions_left: 0, has_pooler: false })).toBe(
      'ok| Only the new password works. v15 logged in and v14 was rejected, at 14:02:12.',
    );
    expect(of({ state: 'completed', proofs, sessions_left: 1 })).toContain(' 1 session opened with v14 is still open.');
  });

  test('failed before the change: nothing changed, and the old one is proven', () => {
    expect(of({ state: 'failed', proofs: { old: { direct: yes(11), pooled: yes(11) } } })).toBe(
      'ok-quiet| Nothing changed: the old password still works, proven at 14:02:11. v14 logged in directly and through the pooler.',
    );
  });

  test('failed after the change: it was taken back, which is not "nothing changed"', () => {
    expect(of({ state: 'failed', proofs: { old: { direct: yes(13) } }, steps: steps('changed', 'undoing', 'undone', 'failed') })).toBe(
      'ok-quiet| Undone: the old password works again, proven at 14:02:13. v14 logged in directly.',
    );
  });

  test('failed with a server that never answered: no claim about the password', () => {
    const words = of({ state: 'failed', error_code: 'server_unreachable' });
    expect(words).toBe('warn| Nothing was sent: the server did not answer. v14 stays the password. An unreachable server says nothing about it.');
  });

  test('failed because the kept password is refused', () => {
    expect(of({ state: 'failed', error_code: 'current_password_refused' })).toMatch(/^danger\| The server rejects v14/);
  });

  test('failed for another reason before anything was sent', () => {
    expect(of({ state: 'failed', error_code: 'not_permitted' })).toMatch(/^warn\| Nothing changed: the new password was never sent\. v14 stays the password\./);
    expect(of({ state: 'failed', error_code: 'target_unverifiable' })).toMatch(/^warn\| Nothing changed: no password can be verified here/);
  });

  test('superseded by a person: nothing is claimed of either', () => {
    expect(of({ state: 'failed', error_code: 'superseded', proofs: { old: { direct: yes(10) } } })).toMatch(
      /^warn\| Never settled: another password was entered/,
    );
  });

  test('needs attention: not known, both kept', () => {
    expect(of({ state: 'needs_attention' })).toMatch(/^warn\| Not known: either v14 or v15 works\. .*Both are kept/);
  });

  test('red only where neither is accepted', () => {
    expect(of({ state: 'needs_attention', proofs: { old: { direct: no(12) }, new: { direct: no(12) } } })).toMatch(/^danger\| Neither v14 nor v15 is accepted/);
    expect(of({ state: 'needs_attention', error_code: 'both_refused' })).toMatch(/^danger/);
    expect(of({ state: 'needs_attention', proofs: { new: { direct: yes(12) } } })).toMatch(/^warn\| The new password works directly/);
  });
});

describe('a project', () => {
  const say = (change: Partial<ProjectWire>, latest: JobWire | null = null, live: RotationWire | null = null) =>
    read(projectProof({ ...project, ...change }, latest, live));

  test('a sync says nothing of the password: the failed check before it still counts', () => {
    const sync = { integration_id: 'itg_1', provider: 'vercel', name: 'shop', version: 14, next_attempt_at: null };
    const latest = newestOfLogin([{ ...verify, id: 'job_2', type: 'integration.sync_env', state: 'completed', sync }, verify]);
    expect(say({}, latest)).toMatch(/^warn\| pg-1.internal could not be reached/);
  });

  test('steady', () => {
    expect(say({})).toBe('ok-quiet| The current password works. v14 logged in directly at 14:02:07 and through the pooler at 14:02:08.');
  });

  test('older passwords that still work are named, with when they end', () => {
    expect(say({ retiring: [{ version: 13, retire_at: null }] })).toBe(
      'info| Both passwords work. v14 logged in at 14:02:07. v13 still works, and ends once a deployment succeeds.',
    );
    expect(
      say({
        retiring: [
          { version: 12, retire_at: null },
          { version: 13, retire_at: time(30) },
        ],
      }),
    ).toBe('info| 3 passwords work. v14 logged in at 14:02:07. v12 still works, and ends once a deployment succeeds. v13 still works, and ends at 14:02:30.');
  });

  test('adopted and never rotated', () => {
    const credential = { ...project.credential, version: 1, pooled_proven_at: null };
    expect(say({ rotated_at: null, pooled_port: null, credential })).toBe(
      'ok-quiet| The password you entered works. v1 logged in directly at 14:02:07. Nothing was changed.',
    );
  });

  test('rotating takes the words of the rotation', () => {
    expect(say({ state: 'rotating_credentials' }, null, { ...rotation, state: 'staged' })).toContain('v15 is stored here');
    expect(say({ state: 'rotating_credentials' })).toMatch(/^accent\| A rotation is in progress/);
  });

  test('needs attention never says that something works', () => {
    expect(say({ state: 'needs_attention' }, null, { ...rotation, state: 'needs_attention' })).toMatch(/^warn\| Not known: either v14 or v15/);
    expect(say({ state: 'needs_attention' })).toMatch(/^warn\| Not known/);
  });

  test('a check that runs', () => {
    expect(say({ state: 'verifying', credential: { ...project.credential, version: 1, direct_proven_at: null } })).toBe(
      'accent| Logging in. Rekey logs in with v1 and finds out what it may do. Nothing is changed.',
    );
    expect(say({}, { ...verify, state: 'running' })).toBe('accent| Logging in. v14 was last proven at 14:02:07. Nothing is changed.');
  });

  test('a check that no worker does', () => {
    const waits = (change: Partial<ProjectWire>, latest: JobWire | null) => read(projectProof({ ...project, ...change }, latest, null, 'no_worker'));
    expect(waits({ state: 'verifying', credential: { ...project.credential, version: 1, direct_proven_at: null } }, null)).toBe(
      'warn| Not checked: no worker is running. Nothing has been sent. The check starts once a worker runs. Start one with npm run worker, or restart npm start.',
    );
    expect(waits({}, { ...verify, state: 'queued' })).toBe(
      'warn| Not checked: no worker is running. v14 was last proven at 14:02:07. The check starts once a worker runs. Start one with npm run worker, or restart npm start.',
    );
    expect(waits({ state: 'rotating_credentials' }, null)).toMatch(/^warn\| A rotation waits: no worker is running\./);
    expect(waits({ state: 'needs_attention' }, null)).toMatch(/No worker is running to check on the server\./);
    expect(waits({}, null)).toMatch(/^ok-quiet/);
  });

  test('a check that no worker has taken yet', () => {
    expect(read(projectProof(project, { ...verify, state: 'queued' }, null, 'queued'))).toBe(
      'accent| Waiting for a worker. v14 was last proven at 14:02:07. Nothing has been sent yet.',
    );
  });

  test('an unreachable server says nothing about the password', () => {
    expect(say({}, verify)).toBe(
      'warn| pg-1.internal could not be reached at 14:02:25. v14 was last proven at 14:02:07. An unreachable server says nothing about the password.',
    );
  });

  test('a refused password is said to be refused', () => {
    expect(say({}, { ...verify, error_code: 'current_password_refused' })).toMatch(/^danger\| The server rejected v14 at 14:02:25/);
  });

  test('a check that failed is told by its code, whatever state it left', () => {
    const failed = (code: string) => say({ state: 'needs_attention' }, { ...verify, error_code: code });
    expect(failed('current_password_refused')).toMatch(/^danger\| The server rejected v14/);
    expect(failed('pooler_refused_current')).toMatch(/^warn\| The pooler rejected v14/);
    expect(failed('target_unverifiable')).toMatch(/^warn\| No password can be verified here/);
    expect(failed('host_not_found')).toMatch(/An unreachable server says nothing about the password/);
  });

  test('a proof newer than the failed check replaces the failure', () => {
    const proven = { ...project, credential: { ...project.credential, direct_proven_at: time(40) } };
    expect(say(proven, verify)).toMatch(/^ok-quiet/);
    expect(failedCheck(proven, verify)).toBe(null);
    expect(failedCheck(project, verify)).toBe(verify);
    expect(failedCheck(project, { ...verify, state: 'running' })).toBe(null);
  });

  test('never proven', () => {
    expect(say({ credential: { ...project.credential, direct_proven_at: null } })).toMatch(/^warn\| Not proven/);
  });
});
