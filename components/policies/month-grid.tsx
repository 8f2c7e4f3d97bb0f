import { setStyle } from '#components/ui/set-style.ts';
import type { PolicyPreviewBody, PolicyRunWire } from '#lib/contract/policy.ts';
import { DAYS, dateIn } from './policy-words.ts';

const MOST = 4;

/** The months, as `YYYY-MM`, that these dates fall into; the first four. */
export const monthsOf = (dates: string[]): string[] => [...new Set(dates.map((date) => date.slice(0, 7)))].slice(0, MOST);

interface MonthGridProps {
  month: string;
  rule: Pick<PolicyPreviewBody, 'windows' | 'blackouts' | 'time_zone'>;
  runs: PolicyRunWire[];
}

/** A month with its windows, blackout dates and runs. The list beside it says the same to readers. */
export function MonthGrid({ month, rule, runs }: MonthGridProps) {
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
