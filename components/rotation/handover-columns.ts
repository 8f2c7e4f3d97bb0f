import { keepsOld, lastStep, wasSuperseded } from '#components/proofs/rotation-facts.ts';
import { formatDuration } from '#components/ui/format-time.ts';
import type { RotationWire, StepKind, StepWire } from '#lib/contract/job.ts';

export type ColumnState = 'done' | 'now' | 'waiting' | 'failed' | 'unknown' | 'person' | 'skipped';

export interface HandoverColumn {
  id: ColumnId;
  label: string;
  state: ColumnState;
  note: string;
}

/** A column is there where it applies, and done when a step of its kind stands in the timeline. */
const COLUMNS = [
  { id: 'preflight', label: 'Preflight', done: 'preflight' },
  { id: 'stored', label: 'Stored', done: 'staged' },
  { id: 'changed', label: 'Changed', done: 'changed', orDone: 'recovered' },
  // The pooler is asked while the direct login is; its refusal alone undoes a change, so the direct one was accepted.
  { id: 'direct', label: 'Direct ok', done: 'direct_ok', doneBy: ({ error_code: errorCode }: RotationWire) => errorCode === 'pooler_refused_new' },
  { id: 'pooled', label: 'Pooled ok', done: 'pooled_ok', applies: (rotation: RotationWire) => rotation.has_pooler },
  { id: 'refused', label: 'Old rejected', done: 'old_refused', applies: (rotation: RotationWire) => !keepsOld(rotation) },
  { id: 'kept', label: 'Old kept', done: 'old_kept', applies: keepsOld },
  { id: 'sessions', label: 'Old sessions gone', done: 'sessions_ended' },
] as const satisfies readonly {
  id: string;
  label: string;
  done: StepKind;
  orDone?: StepKind;
  doneBy?: (rotation: RotationWire) => boolean;
  applies?: (rotation: RotationWire) => boolean;
}[];
/** `pushed` and `deployed` are told by the integrations. */
export type ColumnId = (typeof COLUMNS)[number]['id'] | 'pushed' | 'deployed';

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
  const tries = typeof step.detail.tries === 'number' && step.detail.tries > 1 ? `try ${step.detail.tries}` : '';
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
      if (wasSuperseded(rotation) && isFirst) return { state: 'unknown', note: 'never settled' };
      return isFirst ? { state: 'failed', note: attempts } : { state: 'skipped', note: 'not reached' };
    case 'needs_attention':
      return isFirst ? { state: 'unknown', note: id === 'changed' ? 'sent, no answer' : 'no answer' } : waiting;
    case 'completed':
      return waiting;
    default:
      return isFirst ? { state: 'now', note: lastStep(rotation, 'retrying') ? attempts : '' } : waiting;
  }
}

/** The columns of a rotation, left to right; `told` stand before the old sessions. */
export function columnsOf(rotation: RotationWire, attempts: string, told: HandoverColumn[]): HandoverColumn[] {
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
  return [...columns.slice(0, -1), ...told, ...columns.slice(-1)];
}
