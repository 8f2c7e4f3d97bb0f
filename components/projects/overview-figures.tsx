import { State, type StateKind } from '#components/ui/state.tsx';
import type { ProjectWire } from '#lib/http/wire/project.ts';
import { projectStanding } from './standing.ts';

const FIGURES: readonly { kind: StateKind; one: string; many: string }[] = [
  { kind: 'ok', one: 'has one proven password', many: 'have one proven password' },
  { kind: 'running', one: 'is being worked on', many: 'are being worked on' },
  { kind: 'unknown', one: 'is unknown or not proven yet', many: 'are unknown or not proven yet' },
  { kind: 'failed', one: 'failed at the last attempt', many: 'failed at the last attempt' },
  { kind: 'unprovable', one: 'cannot be rotated', many: 'cannot be rotated' },
];

/** How many stand how, right now. */
export function OverviewFigures({ projects }: { projects: ProjectWire[] }) {
  const kinds = projects.map((project) => projectStanding(project).kind);
  const figures = FIGURES.map((figure) => ({ ...figure, count: kinds.filter((kind) => kind === figure.kind).length })).filter(({ count }) => count > 0);
  return (
    <section className="card mt-5 p-4" aria-labelledby="figures">
      <h2 id="figures" className="text-xs font-medium text-ink-3">
        Right now
      </h2>
      <ul className="mt-2 flex flex-wrap gap-x-8 gap-y-1.5">
        {figures.map(({ kind, count, one, many }) => (
          <li key={kind} className="flex items-center gap-2">
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
