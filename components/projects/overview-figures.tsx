'use client';

import type { ReactNode } from 'react';
import { State } from '#components/ui/state.tsx';
import type { ProjectSummaryWire, StandingKind } from '#lib/contract/project-summary.ts';
import { AgesFigure } from './ages-figure.tsx';
import { WeeksFigure } from './weeks-figure.tsx';

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
