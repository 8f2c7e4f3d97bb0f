'use client';

import { useId } from 'react';
import { useRotationWeeks } from '#components/data/projects.ts';
import { Button } from '#components/ui/button.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import type { RotationWeekWire } from '#lib/contract/rotation.ts';
import { FIGURE } from './figure.ts';
import { FigureBase, FigureTicks } from './figure-axis.tsx';
import { weekBars, weekName, weekTicks, weekWords } from './week-bars.ts';

/** How many rotations completed and failed in each of the last weeks. */
export function WeeksFigure({ className }: { className: string }) {
  const pattern = useId();
  const query = useRotationWeeks();
  const hasAny = query.data?.some(({ completed, failed }) => completed + failed > 0);
  return (
    <section className={className} aria-labelledby="figure-weeks">
      <FailedPattern id={pattern} />
      <div className="flex flex-wrap items-center gap-x-3 text-xs text-ink-3">
        <h2 id="figure-weeks" className="flex-1 font-medium whitespace-nowrap">
          Rotations a week
        </h2>
        {hasAny && (
          <>
            <LegendEntry fill="var(--color-control)">completed</LegendEntry>
            <LegendEntry fill={`url(#${pattern})`} stroke="var(--color-danger)">
              failed
            </LegendEntry>
          </>
        )}
      </div>
      {query.data ? (
        hasAny ? (
          <Bars weeks={query.data} pattern={pattern} />
        ) : (
          <p className="mt-2 text-ink-2">{weekWords(query.data)}</p>
        )
      ) : query.isError ? (
        <div className="mt-2 flex flex-wrap items-center gap-2">
          <p className="text-ink-2">The counts could not be loaded. The rest of the page is not affected.</p>
          <Button size="small" busy={query.isFetching && 'Loading'} onClick={() => void query.refetch()}>
            Try again
          </Button>
        </div>
      ) : (
        <Loading label="Loading the rotations" className="mt-3">
          <SkeletonBar width="70%" />
        </Loading>
      )}
    </section>
  );
}

function Bars({ weeks, pattern }: { weeks: RotationWeekWire[]; pattern: string }) {
  return (
    <>
      <table className="sr-only">
        <caption>{weekWords(weeks)}</caption>
        <thead>
          <tr>
            <th scope="col">Week (UTC)</th>
            <th scope="col">Completed</th>
            <th scope="col">Failed</th>
          </tr>
        </thead>
        <tbody>
          {weeks.map((week, index) => (
            <tr key={week.starts_at}>
              <th scope="row">{weekName(week, index === weeks.length - 1)}</th>
              <td>{week.completed}</td>
              <td>{week.failed}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <svg viewBox={`0 0 ${FIGURE.width} ${FIGURE.height}`} className="mt-1.5 h-auto w-full max-w-[21.5rem]" aria-hidden="true">
        <FigureBase />
        {weekBars(weeks).map(({ key, x, width, completed, failed, words }) => (
          <g key={key}>
            <title>{words}</title>
            {/* The whole column answers the pointer. */}
            <rect x={x - 6} y={0} width={width + 12} height={FIGURE.base} fill="transparent" />
            {completed && <rect x={x} width={width} {...completed} fill="var(--color-control)" />}
            {failed && (
              <rect
                x={x + 0.5}
                width={width - 1}
                y={failed.y + 0.5}
                height={failed.height - 1}
                fill={`url(#${pattern})`}
                stroke="var(--color-danger)"
                strokeWidth={1}
              />
            )}
          </g>
        ))}
      </svg>
      <FigureTicks ticks={weekTicks(weeks)} />
    </>
  );
}

/** Failed is hatched: it does not hang on colour. */
const FailedPattern = ({ id }: { id: string }) => (
  <svg className="absolute size-0" aria-hidden="true">
    <defs>
      <pattern id={id} width={3.5} height={3.5} patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
        <rect width={3.5} height={3.5} fill="var(--color-danger-tint)" />
        <rect width={3.5} height={1.75} fill="var(--color-danger)" />
      </pattern>
    </defs>
  </svg>
);

const LegendEntry = ({ fill, stroke, children }: { fill: string; stroke?: string; children: string }) => (
  <span className="flex items-center gap-1">
    <svg viewBox="0 0 8 8" className="size-2" aria-hidden="true">
      <rect x={0.5} y={0.5} width={7} height={7} fill={fill} stroke={stroke ?? fill} strokeWidth={1} />
    </svg>
    {children}
  </span>
);
