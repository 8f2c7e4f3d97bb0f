import { isUndoing, lastStep, wasSuperseded } from '#components/proofs/rotation-facts.ts';
import { formatDuration } from '#components/ui/format-time.ts';
import { at, type Sentence, say } from '#components/ui/sentence.ts';
import type { RotationWire } from '#lib/contract/job.ts';
import { msBetween } from './clock.ts';
import type { ColumnId, HandoverColumn } from './handover-columns.ts';

/** A bar of a lane over the columns `from` (counted from 0) up to and without `to`. */
export interface HandoverBar {
  is: 'old' | 'new' | 'stored' | 'unknown' | 'refused' | 'later';
  from: number;
  to: number;
  words: Sentence;
}

/** Where a new login with each password is accepted. */
export type Lanes = { old: HandoverBar[]; new: HandoverBar[] };

/** The two lanes, from the timeline and the proofs. */
export function lanesOf(rotation: RotationWire, columns: HandoverColumn[]): Lanes {
  const end = columns.length;
  const column = (id: ColumnId): number => columns.findIndex((entry) => entry.id === id);
  const isDone = (id: ColumnId): boolean => columns[column(id)]?.state === 'done';
  const changed = column('changed');
  const preflight = lastStep(rotation, 'preflight');
  const proven = preflight ? say`accepted, proven ${at(preflight.at)}` : say`not tried yet`;
  const before = (to: number): HandoverBar => ({ is: preflight ? 'old' : 'later', from: 0, to, words: proven });
  const stored: HandoverBar[] = isDone('stored') ? [{ is: 'stored', from: changed - 1, to: changed, words: say`stored here` }] : [];
  const wasSent = rotation.state !== 'requested' && rotation.state !== 'staged' && (rotation.state !== 'failed' || isDone('changed'));

  if (wasSuperseded(rotation)) return unknownLanes({ before, stored, changed, end }, say`never settled`);
  if (!wasSent) return untouchedLanes(rotation, { before, stored, changed, end });

  const gap = unknownGap(rotation);
  if (rotation.state === 'needs_attention' && !isDone('direct')) {
    const since = lastStep(rotation, 'changed')?.at ?? rotation.changed_at ?? lastStep(rotation, 'needs_attention')?.at;
    return unknownLanes({ before, stored, changed, end }, since ? say`not known since ${at(since)}` : say`not known`);
  }
  const unknown: HandoverBar = { is: 'unknown', from: changed, to: changed + 1, words: gap };
  const opened: Lanes = { old: [before(changed), unknown], new: [...stored, unknown] };
  if (rotation.state === 'failed') return undoneLanes(rotation, opened, columns);
  if (isUndoing(rotation)) return undoingLanes(opened, changed + 1, end);
  if (!isDone('direct')) return opened;
  return {
    old: [...opened.old, oldAfterChange(rotation, changed + 1, end)],
    new: [...opened.new, newAfterChange(rotation, columns, changed + 1)],
  };
}

/** What every picture starts with: the old bar up to a column, the new one kept here. */
interface Parts {
  before: (to: number) => HandoverBar;
  stored: HandoverBar[];
  changed: number;
  end: number;
}

function unknownLanes({ before, stored, changed, end }: Parts, words: Sentence): Lanes {
  const unknown: HandoverBar = { is: 'unknown', from: changed, to: end, words };
  return { old: [before(changed), unknown], new: [...stored, unknown] };
}

function undoingLanes(opened: Lanes, from: number, to: number): Lanes {
  return {
    old: [...opened.old, { is: 'unknown', from, to, words: say`being restored` }],
    new: [...opened.new, { is: 'unknown', from, to, words: say`being undone` }],
  };
}

/** From the change until a login proved it: how long, where that is known. */
function unknownGap(rotation: RotationWire): Sentence {
  const direct = lastStep(rotation, 'direct_ok');
  const changed = lastStep(rotation, 'changed');
  if (!direct || !changed) return say`unknown`;
  return say`unknown ${formatDuration(direct.duration_ms ?? msBetween(changed.at, direct.at))}`;
}

function untouchedLanes(rotation: RotationWire, parts: Parts): Lanes {
  const { before, stored, changed, end } = parts;
  if (rotation.state !== 'failed') return { old: [before(stored.length > 0 ? changed + 1 : changed)], new: stored };
  const never: HandoverBar = { is: 'refused', from: stored.length > 0 ? changed : 0, to: end, words: say`never reached the server` };
  const { direct, pooled } = rotation.proofs.old ?? {};
  if (direct?.verdict === 'accepted') {
    const places = pooled?.verdict === 'accepted' ? ' direct and pooled' : '';
    return { old: [{ is: 'old', from: 0, to: end, words: say`still accepted, proven ${at(direct.at)}${places}` }], new: [...stored, never] };
  }
  const refused = direct?.verdict === 'refused';
  const words = refused ? say`rejected, proven ${at(direct.at)}` : say`not touched, the server did not answer`;
  return { old: [{ is: refused ? 'refused' : 'later', from: 0, to: end, words }], new: [...stored, never] };
}

function undoneLanes(rotation: RotationWire, opened: Lanes, columns: HandoverColumn[]): Lanes {
  const end = columns.length;
  const failing = columns.findIndex(({ state }) => state === 'failed');
  const start = opened.old.at(-1)?.to ?? 0;
  const back = failing < 0 ? end : Math.max(failing, start);
  const proof = rotation.proofs.old?.direct;
  const between: Lanes =
    back > start
      ? { old: [{ is: 'later', from: start, to: back, words: say`replaced` }], new: [{ is: 'new', from: start, to: back, words: say`accepted directly` }] }
      : { old: [], new: [] };
  return {
    old: [
      ...opened.old,
      ...between.old,
      { is: 'old', from: back, to: end, words: proof?.verdict === 'accepted' ? say`restored, proven ${at(proof.at)}` : say`restored` },
    ],
    new: [...opened.new, ...between.new, { is: 'refused', from: back, to: end, words: say`undone` }],
  };
}

function oldAfterChange(rotation: RotationWire, from: number, to: number): HandoverBar {
  const kept = lastStep(rotation, 'old_kept');
  if (kept) return { is: 'old', from, to, words: say`still accepted, proven ${at(kept.at)}` };
  const refused = lastStep(rotation, 'old_refused');
  return refused ? { is: 'refused', from, to, words: say`rejected, proven ${at(refused.at)}` } : { is: 'later', from, to, words: say`rejection not tried yet` };
}

function newAfterChange(rotation: RotationWire, columns: HandoverColumn[], from: number): HandoverBar {
  if (rotation.state === 'completed')
    return { is: 'new', from, to: columns.length, words: rotation.has_pooler ? say`accepted, proven direct and pooled` : say`accepted, proven` };
  const reached = columns.findLastIndex(({ state }) => state === 'done' || state === 'now' || state === 'unknown') + 1;
  const pooled = lastStep(rotation, 'pooled_ok');
  const words = rotation.has_pooler ? (pooled ? say`accepted, direct and pooled` : say`accepted directly, trying the pooler`) : say`accepted directly`;
  return { is: 'new', from, to: Math.max(reached, from + 1), words };
}
