import { describe, expect, test } from 'vitest';
import { plain } from '#components/ui/sentence.ts';
import { type RotationWire, type StepKind, stepKind } from '#lib/contract/job.ts';
import { handover } from './handover.ts';
import { stepWords } from './step-words.ts';

const time = (second: number): string => `2026-11-21T14:02:${String(second).padStart(2, '0')}.000Z`;
const yes = (second: number) => ({ verdict: 'accepted' as const, at: time(second), duration_ms: 38, by: 'login' as const });
const ORDER: StepKind[] = ['requested', 'preflight', 'staged', 'changed', 'direct_ok', 'pooled_ok', 'promoted', 'old_refused', 'wrong_refused', 'completed'];
const step = (kind: StepKind, index: number): RotationWire['steps'][number] => ({
  id: String(index),
  kind,
  attempt: 1,
  at: time(index),
  duration_ms: 38,
  detail: {},
});
const upTo = (last: StepKind): RotationWire['steps'] => ORDER.slice(0, ORDER.indexOf(last) + 1).map(step);

const base: RotationWire = {
  id: 'rot_1',
  state: 'verifying',
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
  sessions_before: 11,
  sessions_left: null,
  rescan_at: null,
  error_code: null,
  next_attempt_at: null,
  created_at: time(0),
  changed_at: null,
  finished_at: null,
  steps: [],
  tasks: [],
};
const view = (change: Partial<RotationWire>) => {
  const { columns, lanes } = handover({ ...base, ...change }, 'attempt 4 of 4');
  const bar = (bars: typeof lanes.old) => bars.map(({ is, from, to, words }) => `${is} ${from}-${to} ${plain(words, (t) => t.slice(11, 19))}`);
  return { columns: columns.map(({ id, state, note }) => `${id} ${state}${note && `: ${note}`}`), old: bar(lanes.old), new: bar(lanes.new) };
};

describe('columns and lanes', () => {
  test('the pooler is asked', () => {
    expect(view({ steps: upTo('direct_ok') })).toEqual({
      columns: [
        'preflight done: 38 ms',
        'stored done: v15, encrypted',
        'changed done: 38 ms',
        'direct done: 38 ms',
        'pooled now',
        'refused waiting',
        'sessions waiting: 11 open',
      ],
      old: ['old 0-2 accepted, proven 14:02:01', 'unknown 2-3 unknown 38 ms', 'later 3-7 rejection not tried yet'],
      new: ['stored 1-2 stored here', 'unknown 2-3 unknown 38 ms', 'new 3-5 accepted directly, trying the pooler'],
    });
  });

  test('no column for a pooler that is not there', () => {
    const { columns } = view({ has_pooler: false, steps: upTo('direct_ok') });
    expect(columns).toHaveLength(6);
    expect(columns.join()).not.toContain('pooled');
  });

  test('nothing is sent while it is only stored', () => {
    expect(view({ state: 'staged', steps: upTo('staged') })).toMatchObject({ old: ['old 0-3 accepted, proven 14:02:01'], new: ['stored 1-2 stored here'] });
  });

  test('a change under way is unknown in both lanes', () => {
    expect(view({ state: 'applying', steps: upTo('staged') })).toMatchObject({
      old: ['old 0-2 accepted, proven 14:02:01', 'unknown 2-3 unknown'],
      new: ['stored 1-2 stored here', 'unknown 2-3 unknown'],
    });
  });

  test('completed with sessions left waits for a person', () => {
    expect(view({ state: 'completed', steps: upTo('completed'), sessions_left: 3 })).toEqual({
      columns: [
        'preflight done: 38 ms',
        'stored done: v15, encrypted',
        'changed done: 38 ms',
        'direct done: 38 ms',
        'pooled done: 38 ms',
        'refused done: 38 ms',
        'sessions person: 3 of 11 left',
      ],
      old: ['old 0-2 accepted, proven 14:02:01', 'unknown 2-3 unknown 38 ms', 'refused 3-7 rejected, proven 14:02:07'],
      new: ['stored 1-2 stored here', 'unknown 2-3 unknown 38 ms', 'new 3-7 accepted, proven direct and pooled'],
    });
    expect(view({ state: 'completed', steps: upTo('completed'), sessions_left: 0 }).columns.at(-1)).toBe('sessions done: none left');
    expect(view({ state: 'completed', steps: upTo('completed') }).columns.at(-1)).toBe('sessions unknown: not visible');
  });

  test('failed before anything was sent', () => {
    expect(view({ state: 'failed', steps: [...upTo('staged'), step('failed', 9)], proofs: { old: { direct: yes(11), pooled: yes(11) } } })).toEqual({
      columns: [
        'preflight done: 38 ms',
        'stored done: v15, encrypted',
        'changed failed: attempt 4 of 4',
        ...['direct', 'pooled', 'refused', 'sessions'].map((id) => `${id} skipped: not reached`),
      ],
      old: ['old 0-7 still accepted, proven 14:02:11 direct and pooled'],
      new: ['stored 1-2 stored here', 'refused 2-7 never reached the server'],
    });
  });

  test('failed with a server that never answered claims nothing', () => {
    expect(view({ state: 'failed', steps: [step('requested', 0), step('failed', 9)] })).toMatchObject({
      old: ['later 0-7 not touched, the server did not answer'],
      new: ['refused 0-7 never reached the server'],
    });
  });

  test('failed at the pooler and undone', () => {
    const steps = [...upTo('direct_ok'), step('undoing', 8), step('undone', 9), step('failed', 10)];
    expect(view({ state: 'failed', steps, proofs: { old: { direct: yes(9) } } })).toMatchObject({
      old: ['old 0-2 accepted, proven 14:02:01', 'unknown 2-3 unknown 38 ms', 'later 3-4 replaced', 'old 4-7 restored, proven 14:02:09'],
      new: ['stored 1-2 stored here', 'unknown 2-3 unknown 38 ms', 'new 3-4 accepted directly', 'refused 4-7 undone'],
    });
  });

  test('a pooler that refuses means that the direct login was accepted, though no step says so', () => {
    const steps = [...upTo('changed'), step('undoing', 8)];
    const undoing = view({ state: 'applying', error_code: 'pooler_refused_new', steps });
    expect(undoing.columns.slice(2, 5)).toEqual(['changed done: 38 ms', 'direct done', 'pooled now']);
    expect(undoing.old.at(-1)).toBe('unknown 3-7 being restored');
    const undone = view({
      state: 'failed',
      error_code: 'pooler_refused_new',
      steps: [...steps, step('undone', 9), step('failed', 10)],
      proofs: { old: { direct: yes(9) } },
    });
    expect(undone.columns.slice(2, 6)).toEqual(['changed done: 38 ms', 'direct done', 'pooled failed: attempt 4 of 4', 'refused skipped: not reached']);
    expect(undone.old.slice(-2)).toEqual(['later 3-4 replaced', 'old 4-7 restored, proven 14:02:09']);
  });

  test('needs attention: unknown to the end in both lanes', () => {
    expect(view({ state: 'needs_attention', steps: [...upTo('staged'), step('needs_attention', 21)] })).toEqual({
      columns: [
        'preflight done: 38 ms',
        'stored done: v15, encrypted',
        'changed unknown: sent, no answer',
        'direct waiting',
        'pooled waiting',
        'refused waiting',
        'sessions waiting: 11 open',
      ],
      old: ['old 0-2 accepted, proven 14:02:01', 'unknown 2-7 not known since 14:02:21'],
      new: ['stored 1-2 stored here', 'unknown 2-7 not known since 14:02:21'],
    });
  });

  test.each(['requested', 'staged', 'applying', 'verifying', 'promoted', 'completed', 'failed', 'needs_attention'] as const)(
    'bars of %s never overlap, whatever stands in the timeline',
    (state) => {
      for (const last of ORDER) {
        for (const hasPooler of [true, false]) {
          const { columns, lanes } = handover({ ...base, state, has_pooler: hasPooler, steps: upTo(last) }, '');
          for (const bars of [lanes.old, lanes.new]) {
            bars.forEach(({ from, to }, index) => {
              expect(from).toBeGreaterThanOrEqual(bars[index - 1]?.to ?? 0);
              expect(to).toBeGreaterThanOrEqual(from);
              expect(to).toBeLessThanOrEqual(columns.length);
            });
          }
        }
      }
    },
  );

  test('superseded by a person: unknown to the end, and no claim that nothing was sent', () => {
    const {
      columns,
      old,
      new: lane,
    } = view({ state: 'failed', error_code: 'superseded', steps: [...upTo('staged'), step('needs_attention', 21), step('failed', 40)] });
    expect(columns[2]).toBe('changed unknown: never settled');
    expect(old).toEqual(['old 0-2 accepted, proven 14:02:01', 'unknown 2-7 never settled']);
    expect(lane.at(-1)).toBe('unknown 2-7 never settled');
  });

  test('a change that landed in an earlier attempt counts as changed', () => {
    expect(view({ steps: [...upTo('staged'), step('recovered', 4)] }).columns.slice(2, 4)).toEqual(['changed done: an earlier attempt', 'direct now']);
  });

  test('two columns are never "now"', () => {
    expect(view({ state: 'staged', steps: upTo('staged') }).columns.filter((column) => column.includes(' now'))).toHaveLength(1);
  });
});

describe('the timeline', () => {
  const subject = {
    rotation: base,
    project: { engine: 'postgresql' as const, role_name: 'shop_app', public_host: 'pg-1.internal', direct_port: 5432, pooled_port: 6432 },
    maxAttempts: 4,
  };
  const words = (kind: StepKind, detail: Record<string, unknown> = {}, attempt = 1): string =>
    plain(stepWords({ ...step(kind, 1), detail, attempt }, subject).words);

  test.each(stepKind.options)('%s has words without an exclamation mark', (kind) => {
    expect(words(kind)).toMatch(/^[A-Zv][^!]+$/);
  });

  test('details are told', () => {
    expect(words('changed', { xid: '918204' })).toBe('Password of shop_app changed, transaction 918\u2009204');
    expect(words('preflight', { sessions: 11 })).toBe('Old password logged in, direct and pooled. 11 sessions open');
    expect(words('sessions_ended', { count: 1 })).toBe('1 session opened with v14 closed');
    expect(words('retrying', { code: 'lock_busy', wait_ms: 2000 }, 2)).toBe(
      'Attempt 2 of 4 failed: the wait for the lock on the role timed out. Next in 2.00 s',
    );
  });
});
