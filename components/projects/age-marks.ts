import type { ProjectSummaryWire } from '#lib/contract/project-summary.ts';
import { FIGURE, type FigureTick } from './figure.ts';

const COLUMNS = 24;
const COLUMN_WIDTH = FIGURE.width / COLUMNS;
const HIGHEST = 5;
const STEP = 10.5;
const THIRDS = 3;
const SHORTEST_DAYS = 90;

export interface AgeMark {
  x: number;
  y: number;
  /** Not rotated here yet: the password is as old as that, or older. */
  isAtLeast: boolean;
  /** For how many logins it stands, … */
  logins: number;
  /** … and projects of some of them. */
  names: string[];
}

export interface AgeFigure {
  /** How many logins. */
  total: number;
  marks: AgeMark[];
  /** A mark stands for so many logins at most. */
  perMark: number;
  ticks: FigureTick[];
  /** The same in words. */
  words: string;
}

type Ages = ProjectSummaryWire['ages'];

/** One mark for each login over the age of its password, stacked where many fall together. */
export function ageFigure(ages: Ages): AgeFigure {
  const scaleDays = scaleFor(Math.max(0, ...ages.map(({ days }) => days)));
  const columns = [...Map.groupBy(ages, ({ days }) => Math.floor((days * COLUMNS) / scaleDays))];
  const perMark = smallestFit(columns.map(([, stacked]) => stacked));
  return {
    total: countLogins(ages),
    marks: columns.flatMap(([column, stacked]) => stackMarks(stacked, perMark).map((mark, level) => ({ ...mark, ...placeOf(column, level) }))),
    perMark,
    ticks: Array.from({ length: THIRDS + 1 }, (_, i) => ({ at: i / THIRDS, label: i === 0 ? 'today' : `${(scaleDays * i) / THIRDS} d` })),
    words: wordsOf(ages, scaleDays),
  };
}

const countLogins = (ages: Ages): number => ages.reduce((sum, { logins }) => sum + logins, 0);

/** 90, 120, 180, 240, 360, … days: the first that is longer than the age. Thirds of them are whole days. */
function scaleFor(days: number): number {
  let scale = SHORTEST_DAYS;
  for (let step = 0; scale <= days; step++) scale *= step % 2 === 0 ? 4 / 3 : 3 / 2;
  return Math.round(scale);
}

const placeOf = (column: number, level: number) => ({ x: (column + 0.5) * COLUMN_WIDTH, y: FIGURE.base - 5.5 - level * STEP });

/** The known ages below, those that are at least so old above them. Names are known of the first few alone. */
function stackMarks(stacked: Ages, perMark: number): Pick<AgeMark, 'isAtLeast' | 'names' | 'logins'>[] {
  return [false, true].flatMap((isAtLeast) => {
    const ages = stacked.filter((age) => age.is_at_least === isAtLeast);
    const names = ages.flatMap((age) => [...age.names, ...Array<null>(age.logins - age.names.length).fill(null)]);
    return Array.from({ length: Math.ceil(names.length / perMark) }, (_, i) => {
      const ofMark = names.slice(i * perMark, (i + 1) * perMark);
      return { isAtLeast, logins: ofMark.length, names: ofMark.filter((name) => name !== null) };
    });
  });
}

/** The least number of logins for a mark that keeps every stack within the figure. */
function smallestFit(stacks: Ages[]): number {
  const marksOf = (stacked: Ages, perMark: number) =>
    [false, true].reduce((sum, isAtLeast) => sum + Math.ceil(countLogins(stacked.filter((age) => age.is_at_least === isAtLeast)) / perMark), 0);
  let perMark = 1;
  while (stacks.some((stacked) => marksOf(stacked, perMark) > HIGHEST)) perMark++;
  return perMark;
}

function wordsOf(ages: Ages, scaleDays: number): string {
  const third = scaleDays / THIRDS;
  const counts = Array.from({ length: THIRDS }, (_, i) => {
    const count = countLogins(ages.filter(({ days }) => Math.floor(days / third) === i));
    return `${count} ${i === 0 ? 'under' : `from ${i * third} to under`} ${(i + 1) * third} days`;
  });
  const total = countLogins(ages);
  const atLeast = countLogins(ages.filter((age) => age.is_at_least));
  const rest = atLeast === 0 ? '' : ` Of ${atLeast} it is the least age: ${atLeast === 1 ? 'it was' : 'they were'} not rotated here yet.`;
  return `Ages of ${total} ${total === 1 ? 'password' : 'passwords'}: ${counts.join(', ')}.${rest}`;
}
