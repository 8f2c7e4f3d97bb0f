'use client';

import type { ReactNode } from 'react';
import { State } from '#components/ui/state.tsx';
import type { ProjectSummaryWire, StandingKind } from '#lib/contract/project-summary.ts';
import { type AgeMark, ageFigure } from './age-marks.ts';
import { FIGURE } from './figure.ts';
import { FigureBase, FigureTicks } from './figure-axis.tsx';
import { WeeksFigure } from './weeks-figure.tsx';

const MOST_NAMES = 3;

/** The age of every login's password, one mark each. Where nothing was rotated here yet the mark is hollow. */
function AgesFigure({ ages, className }: { ages: ProjectSummaryWire['ages']; className: string }) {
  const { total, marks, perMark, ticks, words } = ageFigure(ages);
  return (
    <section className={className} aria-labelledby="figure-ages">
      <div className="flex flex-wrap items-center gap-x-3 text-xs text-ink-3">
        <h2 id="figure-ages" className="flex-1 font-medium whitespace-nowrap">
          Age of {total} {total === 1 ? 'password' : 'passwords'}
        </h2>
        {perMark > 1 && <span>one mark: up to {perMark}</span>}
        {marks.some(({ isAtLeast }) => isAtLeast) && (
          <span className="flex items-center gap-1">
            <svg viewBox="0 0 10 10" className="size-2.5" aria-hidden="true">
              <Mark x={5} y={5} isAtLeast />
            </svg>
            at least, not rotated yet
          </span>
        )}
      </div>
      <svg viewBox={`0 0 ${FIGURE.width} ${FIGURE.height}`} className="mt-1.5 h-auto w-full max-w-[21.5rem]" role="img" aria-label={words}>
        <FigureBase />
        {marks.map((mark) => (
          <Mark key={`${mark.x} ${mark.y}`} {...mark}>
            <title>{titleOf(mark)}</title>
          </Mark>
        ))}
      </svg>
      <FigureTicks ticks={ticks} />
    </section>
  );
}

function Mark({ x, y, isAtLeast, children }: Pick<AgeMark, 'x' | 'y' | 'isAtLeast'> & { children?: ReactNode }) {
  return isAtLeast ? (
    <circle cx={x} cy={y} r={3.25} fill="none" stroke="var(--color-control)" strokeWidth={1.5}>
      {children}
    </circle>
  ) : (
    <circle cx={x} cy={y} r={4} fill="var(--color-control)">
      {children}
    </circle>
  );
}

function titleOf({ names, logins }: AgeMark): string {
  const more = logins - Math.min(names.length, MOST_NAMES);
  return more > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${more} more` : names.join(', ');
}

const FIGURES: readonly { kind: StandingKind; one: string; many: string }[] = [
  { kind: 'ok', one: 'has one proven password', many: 'have one proven password' },
  { kind: 'two-work', one: 'has two that work', many: 'have two that work' },
  { kind: 'running', one: 'is in progress', many: 'are in progress' },
  { kind: 'waiting', one: 'waits for a worker', many: 'wait for a worker' },
  { kind: 'unknown', one: 'is unknown or not proven yet', many: 'are unknown or not proven yet' },
  { kind: 'failed', one: 'failed at the last attempt', many: 'failed at the last attempt' },
  { kind: 'unprovable', one: 'cannot be rotated', many: 'cannot be rotated' },
];

/** How many stand how, how old their passwords are, and how often they are rotated. On phones the ages alone. */
export function OverviewFigures({ summary }: { summary: ProjectSummaryWire }) {
  return (
    <Strip>
      <RightNow standings={summary.standings} />
      <AgesFigure ages={summary.ages} className="border-line p-4 md:max-lg:border-t lg:border-l" />
      <WeeksFigure className="border-line p-4 max-md:hidden md:border-l md:max-lg:border-t" />
    </Strip>
  );
}

/** The card of the figures, also while they are waited for. */
export const Strip = ({ children }: { children?: ReactNode }) => (
  <div className="card mt-5 grid min-h-[8.625rem] md:grid-cols-2 lg:grid-cols-[1.05fr_1.3fr_1.3fr]">{children}</div>
);

function RightNow({ standings }: Pick<ProjectSummaryWire, 'standings'>) {
  const figures = FIGURES.map((figure) => ({ ...figure, count: standings[figure.kind] })).filter(({ count }) => count > 0);
  return (
    <section className="p-4 max-md:hidden md:max-lg:col-span-2" aria-labelledby="figure-now">
      <h2 id="figure-now" className="text-xs font-medium text-ink-3">
        Right now
      </h2>
      <ul className="mt-2 flex flex-wrap gap-x-8 gap-y-1.5 lg:grid">
        {figures.map(({ kind, count, one, many }) => (
          <li key={kind} className="[&_.state]:whitespace-normal">
            <State kind={kind}>
              <span className="font-normal">
                <b className="num font-semibold">{count}</b> {count === 1 ? one : many}
              </span>
            </State>
          </li>
        ))}
      </ul>
    </section>
  );
}
