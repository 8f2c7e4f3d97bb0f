import Link from 'next/link';
import { OverdueText } from '#components/policies/policy-badge.tsx';
import { State } from '#components/ui/state.tsx';
import { Time } from '#components/ui/time.tsx';
import { Truncated } from '#components/ui/truncated.tsx';
import type { OverviewGroup, OverviewRow } from './overview-groups.ts';
import { EnvironmentBadge, InSync, NextAct, OldSessions, PasswordAge, ShowMore, StandingText } from './overview-parts.tsx';
import { SelectBox, SelectShown, useIsSelected } from './selection.tsx';

/** From 1088 px: a table, grouped by need. */
export function OverviewTable({ groups }: { groups: OverviewGroup[] }) {
  return (
    <div className="card overflow-x-auto">
      <table className="table">
        <caption className="sr-only">All projects, those that need a person first</caption>
        <thead>
          <tr>
            <th scope="col" className="w-8">
              <SelectShown ids={groups.flatMap(({ rows }) => rows.map(({ project }) => project.id))} />
            </th>
            <th scope="col">Project</th>
            <th scope="col">State</th>
            <th scope="col">Age</th>
            <th scope="col">In sync</th>
            <th scope="col" className="r">
              Old sessions
            </th>
            <th scope="col">
              <span className="sr-only">Action</span>
            </th>
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody key={group.title}>
            <tr className="group">
              <th colSpan={7} scope="rowgroup">
                {group.title} <span className="num font-normal text-ink-3">{group.total}</span>
              </th>
            </tr>
            {group.rows.map((row) => (
              <Row key={row.project.id} row={row} />
            ))}
            {group.more.hasNextPage && (
              <tr>
                <td colSpan={7} className="!h-auto p-3 text-center">
                  <ShowMore group={group} />
                </td>
              </tr>
            )}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Row({ row }: { row: OverviewRow }) {
  const { project, standing } = row;
  return (
    <tr data-row={project.id} aria-selected={useIsSelected(project.id)}>
      <td>
        <SelectBox id={project.id} name={project.name} />
      </td>
      <th scope="row" className="!h-11 !border-line font-normal">
        <Link href={`/projects/${project.id}/connections`} className="flex items-center gap-2 text-sm text-ink">
          <Truncated text={project.name} className="max-w-28 font-medium xl:max-w-56" />
          <EnvironmentBadge environment={project.environment} />
        </Link>
        <Truncated text={`${project.role_name} @ ${project.public_host}`} className="mono mt-0.5 max-w-56 text-xs text-ink-3 xl:max-w-80" />
      </th>
      <td className="w-[32rem]">
        <State kind={standing.kind}>{standing.title}</State>
        <span className="block text-xs whitespace-normal text-ink-2 [overflow-wrap:anywhere]">
          <StandingText row={row} />
        </span>
      </td>
      <td className="num whitespace-nowrap">
        <PasswordAge project={project} />
        <span className="block text-xs text-ink-3">{project.rotated_at ? `v${project.credential.version}` : <AdoptedAt at={project.created_at} />}</span>
        <OverdueText policy={project.policy} />
      </td>
      <td className="num whitespace-nowrap">
        <InSync project={project} />
      </td>
      <td className="num r">
        <OldSessions project={project} />
      </td>
      <td className="r">
        <NextAct row={row} />
      </td>
    </tr>
  );
}

function AdoptedAt({ at }: { at: string }) {
  return (
    <>
      adopted <Time at={at} style="day" />
    </>
  );
}
