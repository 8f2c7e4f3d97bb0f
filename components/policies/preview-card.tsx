'use client';

import { ClockArrowDown, ClockArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { Card } from '#components/ui/card.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { setStyle } from '#components/ui/set-style.ts';
import { SkeletonBar } from '#components/ui/skeleton.tsx';
import type { PolicyPreviewBody, PolicyRunWire } from '#lib/contract/policy.ts';
import { clockIn, DAYS, dateIn, dayWords } from './policy-words.ts';

const MOST = 4;

/** The months, as `YYYY-MM`, that these dates fall into; the first four. */
const monthsOf = (dates: string[]): string[] => [...new Set(dates.map((date) => date.slice(0, 7)))].slice(0, MOST);

interface MonthGridProps {
  month: string;
  rule: Pick<PolicyPreviewBody, 'windows' | 'blackouts' | 'time_zone'>;
  runs: PolicyRunWire[];
}

/** A month with its windows, blackout dates and runs. The list beside it says the same to readers. */
function MonthGrid({ month, rule, runs }: MonthGridProps) {
  const first = new Date(`${month}-01T00:00:00Z`);
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const offset = (first.getUTCDay() + 6) % 7;
  const runDates = new Map(runs.map((run) => [dateIn(rule.time_zone, run.opens_at), run]));
  const kindOf = (date: string, weekday: number): string | undefined => {
    if (runDates.has(date)) return 'run';
    if (rule.blackouts.some(({ from, to }) => from <= date && date <= to)) return 'blackout';
    const day = DAYS[weekday]?.day;
    return rule.windows.some(({ days }) => day !== undefined && days.includes(day)) ? 'window' : undefined;
  };
  return (
    <div aria-hidden="true">
      <p className="mb-1 text-xs font-medium">{first.toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })}</p>
      <div className="month">
        {DAYS.map(({ day, short }) => (
          <span key={day}>{short.charAt(0)}</span>
        ))}
        {Array.from({ length }, (_, index) => {
          const date = `${month}-${String(index + 1).padStart(2, '0')}`;
          return (
            <span
              key={date}
              data-is={kindOf(date, (offset + index) % 7)}
              data-dst={runDates.get(date)?.clock_change ? '' : undefined}
              ref={index === 0 ? setStyle({ 'grid-column-start': `${offset + 1}` }) : undefined}
            >
              {index + 1}
            </span>
          );
        })}
      </div>
    </div>
  );
}

interface PreviewCardProps {
  title: ReactNode;
  aside?: ReactNode;
  rule: Pick<PolicyPreviewBody, 'windows' | 'blackouts' | 'time_zone'>;
  runs: PolicyRunWire[] | undefined;
  /** Why there are none. */
  problem?: string | undefined;
  foot?: ReactNode;
}

/** The next five runs of a rule: in the months they fall into, and as a list that says all of it. */
export function PreviewCard({ title, aside, rule, runs, problem, foot }: PreviewCardProps) {
  const { time_zone: zone } = rule;
  return (
    <Card title={title} aside={aside} foot={foot ?? `All times ${zone}.`} aria-live="polite">
      {problem && (
        <div className="p-4">
          <Notice tone="warn" title="No runs to show.">
            {problem}
          </Notice>
        </div>
      )}
      {!runs && !problem && (
        <p className="p-4">
          <SkeletonBar width="12rem" />
          <span className="sr-only">Loading the next runs</span>
        </p>
      )}
      {runs && !problem && (
        <>
          <div className="border-b border-line p-4">
            <div className="grid grid-cols-2 gap-x-5 gap-y-4">
              {monthsOf(runs.map(({ opens_at: at }) => dateIn(zone, at))).map((month) => (
                <MonthGrid key={month} month={month} rule={rule} runs={runs} />
              ))}
            </div>
            <ul className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2" aria-label="Legend">
              <li className="flex items-center gap-1.5">
                <span className="size-2.5 rounded-xs bg-accent" />
                Run
              </li>
              <li className="flex items-center gap-1.5">
                <span className="size-2.5 rounded-xs bg-hover ring-1 ring-line-strong" />
                Window
              </li>
              <li className="flex items-center gap-1.5">
                <s className="num text-2xs text-ink-3">24</s>
                Blackout
              </li>
              <li className="flex items-center gap-1.5">
                <span className="size-2 rounded-full bg-warn" />
                Clocks change
              </li>
            </ul>
          </div>
          <ol className="list">
            {runs.map((run, index) => (
              <li key={run.opens_at} className="grid grid-cols-[1.25rem_minmax(0,1fr)_auto] gap-x-2 px-4 py-2">
                <span className="num text-ink-3">{index + 1}</span>
                <span>
                  <b className="font-medium">{dayWords(zone, run.opens_at, true)}</b>
                  <ClockChange run={run} zone={zone} />
                </span>
                <span className="num text-right">
                  {clockIn(zone, run.opens_at)}
                  {run.closes_at && `–${clockIn(zone, run.closes_at)}`}
                  <span className="block text-xs text-ink-3">at {run.age_days === 1 ? '1 day' : `${run.age_days} days`}</span>
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
    </Card>
  );
}

function ClockChange({ run: { clock_change: change }, zone }: { run: PolicyRunWire; zone: string }) {
  if (!change) return null;
  const by = Math.abs(change.minutes) === 60 ? 'an hour' : `${Math.abs(change.minutes)} minutes`;
  return (
    <span className="mt-0.5 flex items-start gap-1.5 text-xs text-warn-ink">
      <Icon as={change.minutes > 0 ? ClockArrowUp : ClockArrowDown} className="mt-px !size-3.5" />
      <span>
        Clocks go {change.minutes > 0 ? 'forward' : 'back'} {by} on this date, to {clockIn(zone, change.at)}.
      </span>
    </span>
  );
}
