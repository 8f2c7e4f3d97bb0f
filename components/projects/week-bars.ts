import { formatTime } from '#components/ui/format-time.ts';
import type { RotationWeekWire } from '#lib/contract/rotation.ts';
import { FIGURE, type FigureTick } from './figure.ts';

const BAR_WIDTH = 13;
const HIGHEST = 48;
/** One rotation, where they are few. */
const UNIT = 9;
/** The least that can be seen. */
const LEAST = 3;
const GAP = 1.5;

interface Part {
  y: number;
  height: number;
}

export interface WeekBar {
  key: string;
  x: number;
  width: number;
  /** Null: none. */
  failed: Part | null;
  completed: Part | null;
  words: string;
}

/** A bar for each week: what failed stands at its foot, what completed above it. */
export function weekBars(weeks: RotationWeekWire[]): WeekBar[] {
  const most = Math.max(1, ...weeks.map(({ completed, failed }) => completed + failed));
  const unit = Math.min(UNIT, (HIGHEST - LEAST - GAP) / most);
  const heightOf = (count: number) => (count === 0 ? 0 : Math.max(LEAST, count * unit));
  const room = FIGURE.width / weeks.length;
  return weeks.map((week, index) => {
    const failed = heightOf(week.failed);
    const completed = heightOf(week.completed);
    const foot = FIGURE.base - (failed === 0 ? 0 : failed + GAP);
    return {
      key: week.starts_at,
      x: index * room + (room - BAR_WIDTH) / 2,
      width: BAR_WIDTH,
      failed: failed === 0 ? null : { y: FIGURE.base - failed, height: failed },
      completed: completed === 0 ? null : { y: foot - completed, height: completed },
      words: `${weekName(week, index === weeks.length - 1)}: ${week.completed} completed, ${week.failed} failed`,
    };
  });
}

/** The first, the middle and the last week: what the axis says. */
export function weekTicks(weeks: RotationWeekWire[]): FigureTick[] {
  const middle = Math.floor(weeks.length / 2);
  return [
    { at: 0, label: dateOf(weeks[0]) },
    { at: (middle + 0.5) / weeks.length, label: dateOf(weeks[middle]) },
    { at: 1, label: 'this week' },
  ];
}

/** How many ended, in words. */
export function weekWords(weeks: RotationWeekWire[]): string {
  const sum = (part: 'completed' | 'failed') => weeks.reduce((total, week) => total + week[part], 0);
  const failed = sum('failed');
  const total = sum('completed') + failed;
  if (total === 0) return `No rotation has ended in the last ${weeks.length} weeks.`;
  return `${total} ${total === 1 ? 'rotation' : 'rotations'} in ${weeks.length} weeks, ${failed === 0 ? 'none' : failed} of them failed.`;
}

const dateOf = (week: RotationWeekWire | undefined): string => (week ? formatTime(new Date(week.starts_at), 'date', new Date(), 'UTC') : '');

/** As a row of the table for readers names it. */
export const weekName = (week: RotationWeekWire, isLast: boolean): string => (isLast ? 'This week' : `Week of ${dateOf(week)}`);
