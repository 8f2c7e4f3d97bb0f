'use client';

import { Plus, X } from 'lucide-react';
import { Fragment } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { setStyle } from '#components/ui/set-style.ts';
import { DAYS, type Weekday } from './policy-words.ts';

/** One window of one day. */
export interface DayWindow {
  day: Weekday;
  from: string;
  to: string;
}

interface WindowsFieldProps {
  value: DayWindow[];
  onChange: (value: DayWindow[]) => void;
}

const NEW = { from: '02:00', to: '05:00' };
const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const isOverMidnight = ({ from, to }: DayWindow): boolean => to <= from;

/** The open hours of each weekday; none at all: at any time. */
export function WindowsField({ value, onChange }: WindowsFieldProps) {
  return (
    <ul className="grid" aria-label="Maintenance windows by day">
      {DAYS.map(({ day, name }, index) => {
        const windows = value.filter((one) => one.day === day);
        const before = DAYS[(index + 6) % 7];
        const rest = value.filter((one) => one.day === before?.day && isOverMidnight(one) && one.to !== '00:00');
        const others = value.filter((one) => one.day !== day);
        const put = (next: DayWindow[]) => onChange([...others, ...next]);
        return (
          <li key={day} className="grid grid-cols-[7rem_minmax(0,1fr)] items-start gap-x-3 gap-y-1.5 py-1 sm:grid-cols-[7rem_15rem_minmax(0,1fr)]">
            <Checkbox className="py-1 !gap-2" checked={windows.length > 0} onChange={(isOpen) => put(isOpen ? [{ day, ...NEW }] : [])}>
              {name}
            </Checkbox>
            <div className="grid gap-1.5">
              {windows.length === 0 && (
                <span className="py-1 text-xs text-ink-3">
                  {rest.length > 0 ? `Until ${rest[0]?.to}, from ${before?.name}` : value.length === 0 ? 'Any time' : 'No rotations'}
                </span>
              )}
              {windows.map((window, at) => (
                <TimeRange
                  // biome-ignore lint/suspicious/noArrayIndexKey: a window is known by its place
                  key={at}
                  window={window}
                  name={name}
                  onChange={(next) => put(windows.map((one, other) => (other === at ? next : one)))}
                  onRemove={windows.length > 1 ? () => put(windows.filter((_, other) => other !== at)) : undefined}
                />
              ))}
              {windows.length > 0 && windows.length < 4 && (
                <Button
                  kind="quiet"
                  size="small"
                  icon={Plus}
                  className="justify-self-start"
                  onClick={() => put([...windows, { day, from: '12:00', to: '13:00' }])}
                >
                  Another window<span className="sr-only"> on {name}</span>
                </Button>
              )}
            </div>
            <span className="day mt-2 max-sm:hidden" aria-hidden="true">
              {windows.map((window) => (
                <Bar key={window.from} from={minutes(window.from)} to={isOverMidnight(window) ? 1440 : minutes(window.to)} />
              ))}
              {rest.map((window) => (
                <Bar key={`rest ${window.from}`} from={0} to={minutes(window.to)} />
              ))}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

const Bar = ({ from, to }: { from: number; to: number }) => <span ref={setStyle({ left: `${from / 14.4}%`, width: `${Math.max(0, to - from) / 14.4}%` })} />;

interface TimeRangeProps {
  window: DayWindow;
  name: string;
  onChange: (window: DayWindow) => void;
  onRemove: (() => void) | undefined;
}

function TimeRange({ window, name, onChange, onRemove }: TimeRangeProps) {
  return (
    <span className="flex items-center gap-1.5">
      {(['from', 'to'] as const).map((end) => (
        <Fragment key={end}>
          {end === 'to' && 'to'}
          <input
            className="input num !w-[4.5rem] text-center"
            aria-label={`${name} ${end}`}
            value={window[end]}
            maxLength={5}
            inputMode="numeric"
            onChange={(event) => onChange({ ...window, [end]: event.target.value })}
          />
        </Fragment>
      ))}
      {isOverMidnight(window) && <span className="text-xs whitespace-nowrap text-ink-3">next day</span>}
      {onRemove && <IconButton label={`Remove ${name} ${window.from}`} icon={X} onClick={onRemove} />}
    </span>
  );
}
