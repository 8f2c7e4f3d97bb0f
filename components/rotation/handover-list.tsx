import { classNames } from '#components/ui/class-names.ts';
import type { Handover } from './handover.ts';
import type { HandoverBar } from './handover-lanes.ts';
import { STATE_WORDS, StepMark } from './handover-marks.tsx';

interface HandoverListProps {
  handover: Handover;
  fromVersion: number;
  toVersion: number;
}

/** The handover turned upright, its two lanes at the right. Under 1088 px. */
export function HandoverList({ handover: { columns, lanes }, fromVersion, toVersion }: HandoverListProps) {
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_2.25rem_2.25rem] gap-x-2 pb-1 text-2xs text-ink-3" aria-hidden="true">
        <span />
        <span className="text-center">
          Old
          <br />v{fromVersion}
        </span>
        <span className="text-center">
          New
          <br />v{toVersion}
        </span>
      </div>
      <ol className="vsteps">
        {columns.map(({ id, label, state, note }, index) => (
          <li key={id} className="step" data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
            <StepMark state={state} />
            <span>
              <b className="!mt-0">{label}</b>
              <small>
                {note || '\u00a0'}
                <span className="sr-only">, {STATE_WORDS[state]}</span>
              </small>
            </span>
            <LaneCell bars={lanes.old} index={index} />
            <LaneCell bars={lanes.new} index={index} />
          </li>
        ))}
      </ol>
    </>
  );
}

function LaneCell({ bars, index }: { bars: HandoverBar[]; index: number }) {
  const bar = bars.find(({ from, to }) => from <= index && index < to);
  if (!bar) return <span />;
  return <span className={classNames('vbar', bar.from === index && 'rounded-t-xs', bar.to === index + 1 && 'rounded-b-xs')} data-is={bar.is} />;
}
