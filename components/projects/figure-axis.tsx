import { setStyle } from '#components/ui/set-style.ts';
import { FIGURE, type FigureTick } from './figure.ts';

/** The line that a figure stands on. */
export const FigureBase = () => <path d={`M0 ${FIGURE.base + 0.5}H${FIGURE.width}`} stroke="var(--color-line-strong)" />;

/** What stands under the line; words of the page rather than of the drawing, so that they keep their size. */
export function FigureTicks({ ticks }: { ticks: FigureTick[] }) {
  return (
    <div className="num relative mt-0.5 h-4 max-w-[21.5rem] text-2xs text-ink-3" aria-hidden="true">
      {ticks.map(({ at, label }) => (
        <span
          key={label}
          className={`absolute whitespace-nowrap ${at === 0 ? '' : at === 1 ? '-translate-x-full' : '-translate-x-1/2'}`}
          ref={setStyle({ left: `${at * 100}%` })}
        >
          {label}
        </span>
      ))}
    </div>
  );
}
