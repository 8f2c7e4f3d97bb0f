import { DAY_MS } from '#components/ui/format-time.ts';
import type { ProjectWire } from '#lib/http/wire/project.ts';
import { FIGURE, type FigureTick } from './figure.ts';
import { loginKey } from './login-key.ts';

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
  /** Whose password: a project of each login. */
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

interface Login {
  name: string;
  days: number;
  isAtLeast: boolean;
}

/** One mark for each login over the age of its password, stacked where many fall together. */
export function ageFigure(projects: ProjectWire[], now: Date): AgeFigure {
  const logins = [...Map.groupBy(projects, loginKey).values()].flatMap(([project]) => (project ? [loginOf(project, now)] : []));
  const oldest = Math.max(0, ...logins.map(({ days }) => days));
  const scaleDays = scaleFor(oldest);
  const columns = [...Map.groupBy(logins, ({ days }) => Math.floor((days * COLUMNS) / scaleDays))];
  const perMark = smallestFit(columns.map(([, stacked]) => stacked));
  return {
    total: logins.length,
    marks: columns.flatMap(([column, stacked]) => stackMarks(stacked, perMark).map((mark, level) => ({ ...mark, ...placeOf(column, level) }))),
    perMark,
    ticks: Array.from({ length: THIRDS + 1 }, (_, i) => ({ at: i / THIRDS, label: i === 0 ? 'today' : `${(scaleDays * i) / THIRDS} d` })),
    words: wordsOf(logins, scaleDays),
  };
}

/** 90, 120, 180, 240, 360, … days: the first that is longer than the age. Thirds of them are whole days. */
function scaleFor(days: number): number {
  let scale = SHORTEST_DAYS;
  for (let step = 0; scale <= days; step++) scale *= step % 2 === 0 ? 4 / 3 : 3 / 2;
  return Math.round(scale);
}

function loginOf(project: ProjectWire, now: Date): Login {
  const since = project.rotated_at ?? project.credential.created_at;
  return { name: project.name, days: Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / DAY_MS)), isAtLeast: project.rotated_at === null };
}

const placeOf = (column: number, level: number) => ({ x: (column + 0.5) * COLUMN_WIDTH, y: FIGURE.base - 5.5 - level * STEP });

/** The known ages below, those that are at least so old above them. */
function stackMarks(stacked: Login[], perMark: number): Pick<AgeMark, 'isAtLeast' | 'names'>[] {
  return [false, true].flatMap((isAtLeast) => {
    const names = stacked.filter((login) => login.isAtLeast === isAtLeast).map(({ name }) => name);
    return Array.from({ length: Math.ceil(names.length / perMark) }, (_, i) => ({ isAtLeast, names: names.slice(i * perMark, (i + 1) * perMark) }));
  });
}

/** The least number of logins for a mark that keeps every stack within the figure. */
function smallestFit(stacks: Login[][]): number {
  let perMark = 1;
  while (stacks.some((stacked) => stackMarks(stacked, perMark).length > HIGHEST)) perMark++;
  return perMark;
}

function wordsOf(logins: Login[], scaleDays: number): string {
  const third = scaleDays / THIRDS;
  const counts = Array.from({ length: THIRDS }, (_, i) => {
    const count = logins.filter(({ days }) => Math.floor(days / third) === i).length;
    return `${count} ${i === 0 ? 'under' : `from ${i * third} to under`} ${(i + 1) * third} days`;
  });
  const atLeast = logins.filter((login) => login.isAtLeast).length;
  const rest = atLeast === 0 ? '' : ` Of ${atLeast} it is the least age: ${atLeast === 1 ? 'it was' : 'they were'} not rotated here yet.`;
  return `Ages of ${logins.length} ${logins.length === 1 ? 'password' : 'passwords'}: ${counts.join(', ')}.${rest}`;
}
