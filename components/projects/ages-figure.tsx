'use client';

import type { ReactNode } from 'react';
import type { ProjectSummaryWire } from '#lib/contract/project-summary.ts';
import { type AgeMark, ageFigure } from './age-marks.ts';
import { FIGURE } from './figure.ts';
import { FigureBase, FigureTicks } from './figure-axis.tsx';

const MOST_NAMES = 3;

/** The age of every login's password, one mark each. Where nothing was rotated here yet the mark is hollow. */
export function AgesFigure({ ages, className }: { ages: ProjectSummaryWire['ages']; className: string }) {
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
