import Link from 'next/link';
import { State } from '#components/ui/state.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';
import type { OverviewGroup } from './overview-groups.ts';
import { EnvironmentBadge, InSync, NextAct, OldSessions, PasswordAge, ShowMore, StandingText } from './overview-parts.tsx';
import { SelectBox } from './selection.tsx';

/** Under 1088 px: the same facts as a list. */
export function OverviewCards({ groups }: { groups: OverviewGroup[] }) {
  return (
    <div className="grid grid-cols-1 gap-4">
      {groups.map((group) => (
        <section key={group.title} aria-label={group.title}>
          <h2 className="mb-1.5 font-semibold">
            {group.title} <span className="num font-normal text-ink-3">{group.total}</span>
          </h2>
          <ul className="card list">
            {group.rows.map((row) => (
              <li key={row.project.id} data-row={row.project.id} className="px-4 py-3">
                <div className="flex items-center gap-2">
                  <SelectBox id={row.project.id} name={row.project.name} />
                  <Link href={`/projects/${row.project.id}/connections`} className="min-w-0 truncate font-medium">
                    {row.project.name}
                  </Link>
                  <EnvironmentBadge environment={row.project.environment} />
                  <span className="spacer" />
                  <span className="num text-xs font-semibold whitespace-nowrap">
                    <PasswordAge project={row.project} />
                  </span>
                </div>
                <p className="mono mt-0.5 text-xs break-all text-ink-3">
                  {row.project.role_name} @ {row.project.public_host}
                </p>
                <p className="mt-2">
                  <State kind={row.standing.kind}>{row.standing.title}</State>
                </p>
                <p className="text-ink-2">
                  <StandingText row={row} />
                </p>
                <Facts project={row.project} />
                <div className="mt-2.5">
                  <NextAct row={row} />
                </div>
              </li>
            ))}
          </ul>
          {group.more.hasNextPage && (
            <div className="mt-3 text-center">
              <ShowMore group={group} />
            </div>
          )}
        </section>
      ))}
    </div>
  );
}

/** What the table has columns for, where there is something to say. */
function Facts({ project }: { project: ProjectWire }) {
  const facts = [
    project.consumers.total > 0 && { name: 'In sync', value: <InSync project={project} /> },
    project.old_sessions && project.old_sessions.count > 0 && { name: 'Old sessions', value: <OldSessions project={project} /> },
  ].filter((fact) => fact !== false && fact !== null);
  if (facts.length === 0) return null;
  return (
    <dl className="num mt-1 flex flex-wrap gap-x-4 text-xs">
      {facts.map(({ name, value }) => (
        <div key={name} className="flex gap-1.5">
          <dt className="text-ink-3">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
