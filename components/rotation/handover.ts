import { formatDuration } from '#components/ui/format-time.ts';
import type { RotationWire, StepKind, StepWire } from '#lib/http/wire/job.ts';
import { msBetween } from './clock.ts';
import { isUndoing } from './proof-sentence.ts';
import { at, type Sentence, say } from './sentence.ts';

export type ColumnState = 'done' | 'now' | 'waiting' | 'failed' | 'unknown' | 'person' | 'skipped';

export interface HandoverColumn {
  id: ColumnId;
  label: string;
  state: ColumnState;
  note: string;
}

/** A bar of a lane over the columns `from` (counted from 0) up to and without `to`. */
export interface HandoverBar {
  is: 'old' | 'new' | 'stored' | 'unknown' | 'refused' | 'later';
  from: number;
  to: number;
  words: Sentence;
}

export interface Handover {
  columns: HandoverColumn[];
  /** Where a new login with each password is accepted. */
  lanes: { old: HandoverBar[]; new: HandoverBar[] };
}

/** A column is there where it applies, and done when a step of its kind stands in the timeline. */
const COLUMNS = [
  { id: 'preflight', label: 'Preflight', done: 'preflight' },
  { id: 'stored', label: 'Stored', done: 'staged' },
  { id: 'changed', label: 'Changed', done: 'changed', orDone: 'recovered' },
  // The pooler is asked while the direct login is; its refusal alone undoes a change, so the direct one was accepted.
  { id: 'direct', label: 'Direct ok', done: 'direct_ok', doneBy: ({ error_code: errorCode }: RotationWire) => errorCode === 'pooler_refused_new' },
  { id: 'pooled', label: 'Pooled ok', done: 'pooled_ok', applies: (rotation: RotationWire) => rotation.has_pooler },
  { id: 'refused', label: 'Old refused', done: 'old_refused' },
  { id: 'sessions', label: 'Old sessions gone', done: 'sessions_ended' },
] as const satisfies readonly { id: string; label: string; done: StepKind; orDone?: StepKind; doneBy?: (rotation: RotationWire) => boolean; applies?: (rotation: RotationWire) => boolean }[];
type ColumnId = (typeof COLUMNS)[number]['id'];

const lastStep = ({ steps }: RotationWire, kind: StepKind): StepWire | undefined => steps.findLast((step) => step.kind === kind);

function sessionsNote({ sessions_before: before, sessions_left: left, close_sessions: closes }: RotationWire): string {
  if (left === 0) return 'none left';
  if (left !== null) return before === null ? `${left} left` : `${left} of ${before} left`;
  if (before === null) return '';
  return closes ? `${before} to close` : `${before} open`;
}

function doneNote(id: ColumnId, step: StepWire, rotation: RotationWire): string {
  if (id === 'stored') return `v${rotation.to_version}, encrypted`;
  if (id === 'sessions') return sessionsNote(rotation) || 'none left';
  if (step.kind === 'recovered') return 'an earlier attempt';
  const took = step.duration_ms === null ? '' : formatDuration(step.duration_ms);
  const tries = typeof step.detail['tries'] === 'number' && step.detail['tries'] > 1 ? `try ${step.detail['tries']}` : '';
  return [tries, took].filter(Boolean).join(', ');
}

function sessionsColumn(rotation: RotationWire): Pick<HandoverColumn, 'state' | 'note'> | null {
  if (rotation.state !== 'completed') return null;
  const left = rotation.sessions_left;
  if (left === 0) return { state: 'done', note: 'none left' };
  if (left === null) return { state: 'unknown', note: 'not visible' };
  return { state: 'person', note: sessionsNote(rotation) };
}

function restColumn(id: ColumnId, isFirst: boolean, rotation: RotationWire, attempts: string): Pick<HandoverColumn, 'state' | 'note'> {
  const waiting = { state: 'waiting', note: id === 'sessions' ? sessionsNote(rotation) : '' } as const;
  switch (rotation.state) {
    case 'failed':
      return isFirst ? { state: 'failed', note: attempts } : { state: 'skipped', note: 'not reached' };
    case 'needs_attention':
      return isFirst ? { state: 'unknown', note: id === 'changed' ? 'sent, no answer' : 'no answer' } : waiting;
    case 'completed':
      return waiting;
    default:
      return isFirst ? { state: 'now', note: lastStep(rotation, 'retrying') ? attempts : '' } : waiting;
  }
}

/** The steps and lanes of a rotation. `attempts` is the sentence for the column where it stands, such as "attempt 2 of 4". */
export function handover(rotation: RotationWire, attempts: string): Handover {
  let isFirst = true;
  const columns = COLUMNS.filter((column) => !('applies' in column) || column.applies(rotation)).map((column): HandoverColumn => {
    const { id, label, done } = column;
    const sessions = id === 'sessions' ? sessionsColumn(rotation) : null;
    if (sessions) return { id, label, ...sessions };
    const step = lastStep(rotation, done) ?? ('orDone' in column ? lastStep(rotation, column.orDone) : undefined);
    if (step) return { id, label, state: 'done', note: doneNote(id, step, rotation) };
    if ('doneBy' in column && column.doneBy(rotation)) return { id, label, state: 'done', note: '' };
    const rest = restColumn(id, isFirst, rotation, attempts);
    isFirst = false;
    return { id, label, ...rest };
  });
  return { columns, lanes: lanesOf(rotation, columns) };
}

type Bars = { old: HandoverBar[]; new: HandoverBar[] };

function lanesOf(rotation: RotationWire, columns: HandoverColumn[]): Bars {
  const end = columns.length;
  const column = (id: ColumnId): number => columns.findIndex((entry) => entry.id === id);
  const isDone = (id: ColumnId): boolean => columns[column(id)]?.state === 'done';
  const changed = column('changed');
  const preflight = lastStep(rotation, 'preflight');
  const proven = preflight ? say`accepted, proven ${at(preflight.at)}` : say`not asked yet`;
  const before = (to: number): HandoverBar => ({ is: preflight ? 'old' : 'later', from: 0, to, words: proven });
  const stored: HandoverBar[] = isDone('stored') ? [{ is: 'stored', from: changed - 1, to: changed, words: say`kept here` }] : [];
  const wasSent = rotation.state !== 'requested' && rotation.state !== 'staged' && (rotation.state !== 'failed' || isDone('changed'));

  if (!wasSent) return untouchedLanes(rotation, { before, stored, changed, end });

  const gap = unknownGap(rotation);
  if (rotation.state === 'needs_attention' && !isDone('direct')) {
    const since = lastStep(rotation, 'changed')?.at ?? rotation.changed_at ?? lastStep(rotation, 'needs_attention')?.at;
    const unknown: HandoverBar = { is: 'unknown', from: changed, to: end, words: since ? say`not known since ${at(since)}` : say`not known` };
    return { old: [before(changed), unknown], new: [...stored, unknown] };
  }
  const unknown: HandoverBar = { is: 'unknown', from: changed, to: changed + 1, words: gap };
  const opened: Bars = { old: [before(changed), unknown], new: [...stored, unknown] };
  if (rotation.state === 'failed') return undoneLanes(rotation, opened, columns);
  if (isUndoing(rotation)) return undoingLanes(opened, changed + 1, end);
  if (!isDone('direct')) return opened;
  return {
    old: [...opened.old, oldAfterChange(rotation, changed + 1, end)],
    new: [...opened.new, newAfterChange(rotation, columns, changed + 1)],
  };
}

function undoingLanes(opened: Bars, from: number, to: number): Bars {
  return {
    old: [...opened.old, { is: 'unknown', from, to, words: say`being put back` }],
    new: [...opened.new, { is: 'unknown', from, to, words: say`being taken back` }],
  };
}

/** From the change until a login proved it: how long, where that is known. */
function unknownGap(rotation: RotationWire): Sentence {
  const direct = lastStep(rotation, 'direct_ok');
  const changed = lastStep(rotation, 'changed');
  if (!direct || !changed) return say`unknown`;
  return say`unknown ${formatDuration(direct.duration_ms ?? msBetween(changed.at, direct.at))}`;
}

function untouchedLanes(rotation: RotationWire, parts: { before: (to: number) => HandoverBar; stored: HandoverBar[]; changed: number; end: number }): Bars {
  const { before, stored, changed, end } = parts;
  if (rotation.state !== 'failed') return { old: [before(stored.length > 0 ? changed + 1 : changed)], new: stored };
  const never: HandoverBar = { is: 'refused', from: stored.length > 0 ? changed : 0, to: end, words: say`never reached the server` };
  const { direct, pooled } = rotation.proofs.old ?? {};
  if (direct?.verdict === 'accepted') {
    const places = pooled?.verdict === 'accepted' ? ' direct and pooled' : '';
    return { old: [{ is: 'old', from: 0, to: end, words: say`accepted, proven again ${at(direct.at)}${places}` }], new: [...stored, never] };
  }
  const refused = direct?.verdict === 'refused';
  const words = refused ? say`refused, proven ${at(direct.at)}` : say`not touched, the server did not answer`;
  return { old: [{ is: refused ? 'refused' : 'later', from: 0, to: end, words }], new: [...stored, never] };
}

function undoneLanes(rotation: RotationWire, opened: Bars, columns: HandoverColumn[]): Bars {
  const end = columns.length;
  const failing = columns.findIndex(({ state }) => state === 'failed');
  const start = opened.old.at(-1)?.to ?? 0;
  const back = failing < 0 ? end : Math.max(failing, start);
  const proof = rotation.proofs.old?.direct;
  const between: Bars =
    back > start
      ? { old: [{ is: 'later', from: start, to: back, words: say`replaced` }], new: [{ is: 'new', from: start, to: back, words: say`accepted directly` }] }
      : { old: [], new: [] };
  return {
    old: [...opened.old, ...between.old, { is: 'old', from: back, to: end, words: proof?.verdict === 'accepted' ? say`put back, proven ${at(proof.at)}` : say`put back` }],
    new: [...opened.new, ...between.new, { is: 'refused', from: back, to: end, words: say`taken back` }],
  };
}

function oldAfterChange(rotation: RotationWire, from: number, to: number): HandoverBar {
  const refused = lastStep(rotation, 'old_refused');
  return refused ? { is: 'refused', from, to, words: say`refused, proven ${at(refused.at)}` } : { is: 'later', from, to, words: say`refusal not tried yet` };
}

function newAfterChange(rotation: RotationWire, columns: HandoverColumn[], from: number): HandoverBar {
  if (rotation.state === 'completed') return { is: 'new', from, to: columns.length, words: rotation.has_pooler ? say`accepted, proven direct and pooled` : say`accepted, proven` };
  const reached = columns.findLastIndex(({ state }) => state === 'done' || state === 'now' || state === 'unknown') + 1;
  const pooled = lastStep(rotation, 'pooled_ok');
  const words = rotation.has_pooler ? (pooled ? say`accepted, direct and pooled` : say`accepted directly, pooler asked`) : say`accepted directly`;
  return { is: 'new', from, to: Math.max(reached, from + 1), words };
}
