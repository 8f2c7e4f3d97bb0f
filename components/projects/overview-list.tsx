'use client';

import { Plus, Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { useLive, useStaleReason } from '#components/shell/live.tsx';
import { useRoleReason } from '#components/shell/use-role-reason.ts';
import { useShortcut } from '#components/shell/use-shortcut.ts';
import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Time, Zone } from '#components/ui/time.tsx';
import type { ProjectWire } from '#lib/http/wire/project.ts';
import { OverviewCards } from './overview-cards.tsx';
import { OverviewFigures } from './overview-figures.tsx';
import { type OverviewGroup, type OverviewView, overviewGroups } from './overview-groups.ts';
import { OverviewTable } from './overview-table.tsx';
import { projectStanding } from './standing.ts';

/** The list itself: how many need a person, then who, then the rest. */
export function OverviewList({ projects }: { projects: ProjectWire[] }) {
  const router = useRouter();
  const [view, setView] = useState<OverviewView>('all');
  const [filter, setFilter] = useState('');
  const filterInput = useRef<HTMLInputElement>(null);
  const groups = overviewGroups(projects, view, filter);
  const focus = useRowFocus(groups);
  useShortcut('f', () => filterInput.current?.focus());
  const staleReason = useStaleReason();
  const roleReason = useRoleReason('admin');

  return (
    <>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <Headline projects={projects} />
        <div className="flex gap-2">
          <Button icon={Plus} disabledReason={staleReason || roleReason} onClick={() => router.push('/projects/new')}>
            Add a database
          </Button>
        </div>
      </div>
      <OverviewFigures projects={projects} />
      <div className="mt-5 mb-3 flex flex-wrap items-center gap-2">
        <Segmented label="Show" value={view} onChange={setView} options={viewOptions(projects)} />
        <span className="spacer" />
        <label className="relative hidden sm:block">
          <span className="sr-only">Filter projects</span>
          <Icon as={Search} className="absolute top-1.5 left-2 text-ink-3" />
          <input
            ref={filterInput}
            className="input w-56 !h-7 !border-line-strong pl-8 text-xs"
            type="search"
            placeholder="Filter by project, role or server"
            aria-keyshortcuts="F"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              setFilter('');
              event.currentTarget.blur();
            }}
          />
        </label>
      </div>
      {groups.length === 0 ? (
        <p className="card p-6 text-center text-ink-2">No project matches.</p>
      ) : (
        <>
          <OverviewTable groups={groups} focused={focus} />
          <OverviewCards groups={groups} />
        </>
      )}
      <p className="mt-3 text-xs text-ink-3">
        Times in <Zone />
      </p>
    </>
  );
}

function Headline({ projects }: { projects: ProjectWire[] }) {
  const { state, asOf } = useLive();
  const isStale = state === 'stale';
  const standings = projects.map((project) => projectStanding(project));
  const count = standings.filter(({ group }) => group === 'needs').length;
  const unknown = standings.filter(({ title }) => title === 'Unknown').length;
  const proven = standings.filter(({ kind }) => kind === 'ok').length;
  const verb = isStale ? 'needed' : count === 1 ? 'needs' : 'need';
  return (
    <div className="min-w-0 flex-1 max-sm:basis-full">
      <h1 className="text-balance">
        {count === 0
          ? `Nothing ${isStale ? 'needed' : 'needs'} a person`
          : `${count} of ${projects.length} ${projects.length === 1 ? 'project' : 'projects'} ${verb} a person`}
      </h1>
      <p className="mt-0.5 text-base text-ink-2">
        {isStale && asOf ? (
          <>
            As of <Time at={asOf} />. Rekey is asked again every 5 s.
          </>
        ) : (
          sentence(unknown, proven, projects.length)
        )}
      </p>
    </div>
  );
}

function sentence(unknown: number, proven: number, total: number): string {
  if (unknown === 1) return 'One password is unknown: both versions are kept, and the server is asked again by itself.';
  if (unknown > 1) return `${unknown} passwords are unknown: both versions of each are kept, and the servers are asked again by themselves.`;
  if (proven < total) return proven === 0 ? 'No password is proven right now.' : `${proven} of ${total} ${proven === 1 ? 'has' : 'have'} one proven password.`;
  return total === 1 ? 'Its password is proven by a login.' : 'Each password is proven by a login.';
}

function viewOptions(projects: ProjectWire[]) {
  const count = (view: OverviewView) => overviewGroups(projects, view, '').reduce((sum, group) => sum + group.rows.length, 0);
  const option = (value: OverviewView, words: string) => ({
    value,
    label: (
      <>
        {words} <span className="num text-ink-3">{count(value)}</span>
      </>
    ),
  });
  return [option('all', 'All'), option('production', 'Production'), option('non_production', 'Non-production')];
}

/** `J` and `K` move over the rows, `Enter` opens the one that is marked. */
function useRowFocus(groups: OverviewGroup[]): string | null {
  const router = useRouter();
  const [focused, setFocused] = useState<string | null>(null);
  const ids = groups.flatMap((group) => group.rows.map((row) => row.project.id));
  const index = focused === null ? -1 : ids.indexOf(focused);
  const move = (by: number) => {
    const next = ids[Math.min(ids.length - 1, Math.max(0, index + by))];
    if (next === undefined) return;
    setFocused(next);
    document.querySelector(`[data-row="${next}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  useShortcut('j', () => move(1));
  useShortcut('k', () => move(-1));
  // Enter on a link or a button is theirs.
  const isMarked = index >= 0;
  useShortcut(
    'enter',
    () => isMarked && (document.activeElement === document.body || document.activeElement?.id === 'main') && router.push(`/projects/${focused}/connections`),
    {
      enabled: isMarked,
      preventDefault: false,
    },
  );
  return isMarked ? focused : null;
}
