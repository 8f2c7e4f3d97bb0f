import { Fragment } from 'react';
import { SentenceText } from '#components/ui/sentence-text.tsx';
import { setStyle } from '#components/ui/set-style.ts';
import type { Handover } from './handover.ts';
import type { HandoverBar } from './handover-lanes.ts';
import { STATE_WORDS, StepMark } from './handover-marks.tsx';

interface HandoverProps {
  handover: Handover;
  fromVersion: number;
  toVersion: number;
}

/** The steps and, under them in the same columns, where each password is accepted. From 1088 px on. */
export function HandoverChart({ handover: { columns, lanes }, fromVersion, toVersion }: HandoverProps) {
  return (
    <div className="handover" ref={setStyle({ '--steps': String(columns.length) })}>
      <span />
      <ol className="contents">
        {columns.map(({ id, label, state, note }) => (
          <li key={id} className="step" data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
            <StepMark state={state} />
            <b>{label}</b>
            <small>
              {note || '\u00a0'}
              <span className="sr-only">, {STATE_WORDS[state]}</span>
            </small>
          </li>
        ))}
      </ol>
      <div className="col-span-full mb-1.5 flex items-baseline gap-2 border-t border-line pt-2.5 text-xs text-ink-3">Accepted for new logins</div>
      <Lane name={`Old, v${fromVersion}`} bars={lanes.old} />
      <Lane name={`New, v${toVersion}`} bars={lanes.new} />
    </div>
  );
}

function Lane({ name, bars }: { name: string; bars: HandoverBar[] }) {
  return (
    <div className="lane [&_time]:font-sans">
      <b>{name}</b>
      {bars.map((bar) => (
        <Fragment key={bar.from}>{bar.to > bar.from && <Bar bar={bar} />}</Fragment>
      ))}
    </div>
  );
}

function Bar({ bar: { is, from, to, words } }: { bar: HandoverBar }) {
  const text = <SentenceText of={words} />;
  return (
    <div className="bar" data-is={is} ref={setStyle({ 'grid-column': `${from + 2} / ${to + 2}` })}>
      <span>{is === 'unknown' ? <span>{text}</span> : text}</span>
    </div>
  );
}
