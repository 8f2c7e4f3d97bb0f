'use client';

import { Plus, Upload } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type ComponentType, useRef } from 'react';
import { projectStanding } from '#components/data/standing.ts';
import { useLive, useStaleReason } from '#components/session/live.tsx';
import { useClockWarning, useNoWorker } from '#components/session/queries.ts';
import { useOrganizationReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { FilterSelect } from '#components/ui/filter-select.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { SearchInput } from '#components/ui/search-input.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Time, Zone } from '#components/ui/time.tsx';
import { useMediaQuery } from '#components/ui/use-media-query.ts';
import { useRowKeys } from '#components/ui/use-row-keys.ts';
import { useShortcut } from '#components/ui/use-shortcut.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import type { ProjectFilter } from '#lib/contract/project-list.ts';
import type { ProjectSummaryWire } from '#lib/contract/project-summary.ts';
import { OverviewCards } from './overview-cards.tsx';
import { OverviewFigures } from './overview-figures.tsx';
import { DEFAULT_SORT, type OverviewGroup, type OverviewSort, type OverviewView, SORTS } from './overview-groups.ts';
import { OverviewTable } from './overview-table.tsx';
import { type Selection, SelectionContext, useNewSelection } from './selection.tsx';

/** How many need a person, and under it what is known of the passwords. */
function OverviewHeadline({ summary: { total, needs_attention: count, unknown, proven } }: { summary: ProjectSummaryWire }) {
  const { state, asOf } = useLive();
  const isStale = state === 'stale';
  const verb = isStale ? 'needed' : count === 1 ? 'needs' : 'need';
  return (
    <div className="min-w-0 flex-1 max-sm:basis-full">
      <h1 className="text-balance">
        {count === 0 ? `Nothing ${isStale ? 'needed' : 'needs'} a person` : `${count} of ${total} ${total === 1 ? 'project' : 'projects'} ${verb} a person`}
      </h1>
      <p className="mt-0.5 text-base text-ink-2">
        {isStale && asOf ? (
          <>
            As of <Time at={asOf} plain />. The page updates every 5 seconds.
          </>
        ) : (
          sentence(unknown, proven, total)
        )}
      </p>
    </div>
  );
}

function sentence(unknown: number, proven: number, total: number): string {
  if (unknown === 1) return 'It is not known which password of one login works. Rekey keeps every version that may work.';
  if (unknown > 1) return `It is not known which password works for ${unknown} logins. Rekey keeps every version that may work.`;
  if (proven < total) return proven === 0 ? 'No password is proven right now.' : `${proven} of ${total} ${proven === 1 ? 'has' : 'have'} one proven password.`;
  return total === 1 ? 'Its password is proven by a login.' : 'Each password is proven by a login.';
}

interface OverviewListProps {
  /** Of all projects, whatever is filtered. */
  summary: ProjectSummaryWire;
  groups: (Omit<OverviewGroup, 'rows'> & { projects: ProjectWire[] })[];
  address: ListAddress;
  /** What the list is filtered by, as the API takes it, and how many projects match. */
  filter: ProjectFilter;
  total: number;
  bulkBar: ComponentType<BulkBarProps>;
}

/** What is done to many projects at once begins here. */
export interface BulkBarProps {
  selection: Selection;
  filter: ProjectFilter;
  total: number;
  /** The projects that are loaded. */
  shown: ProjectWire[];
}

/** Which projects are shown, and in which order. */
export interface ListAddress {
  view: OverviewView;
  filter: string;
  sort: OverviewSort;
  setView: (view: OverviewView) => void;
  setFilter: (filter: string) => void;
  /** Empty: as usual. */
  setSort: (sort: OverviewSort | '') => void;
}

/** The list itself: how many need a person, then who, then the rest. */
export function OverviewList({ summary, groups: found, address, filter: matching, total, bulkBar: BulkBar }: OverviewListProps) {
  const { view, filter, sort, setView, setFilter, setSort } = address;
  const router = useRouter();
  const filterInput = useRef<HTMLInputElement>(null);
  const noWorker = useNoWorker();
  const clocks = useClockWarning();
  const groups = found
    .map(({ projects, ...group }) => ({ ...group, rows: projects.map((project) => ({ project, standing: projectStanding(project, noWorker) })) }))
    .filter(({ rows }) => rows.length > 0);
  const selection = useNewSelection(JSON.stringify(matching));
  useRowKeys(selection.toggle);
  useShortcut('f', () => filterInput.current?.focus());
  const staleReason = useStaleReason();
  const roleReason = useOrganizationReason('admin');

  return (
    <>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <OverviewHeadline summary={summary} />
        <div className="flex gap-2">
          <Button icon={Upload} disabledReason={staleReason || roleReason} onClick={() => router.push('/import')}>
            Import
          </Button>
          <Button icon={Plus} disabledReason={staleReason || roleReason} onClick={() => router.push('/projects/new')}>
            Add a database
          </Button>
        </div>
      </div>
      {clocks && (
        <Notice tone="warn" role="status" title="Clocks differ." className="mt-4">
          {clocks}
        </Notice>
      )}
      <OverviewFigures summary={summary} />
      <div className="mt-5 mb-3 flex flex-wrap items-center gap-2">
        <Segmented label="Show" value={view} onChange={setView} options={viewOptions(summary)} />
        <span className="spacer" />
        <FilterSelect label="Sort" any="Name" value={sort === DEFAULT_SORT ? '' : sort} onChange={setSort} options={SORTS.slice(1)} />
        <SearchInput
          ref={filterInput}
          label="Filter projects"
          placeholder="Filter by project, role or server"
          value={filter}
          onChange={setFilter}
          className="max-sm:order-last max-sm:w-full sm:w-56"
        />
      </div>
      {groups.length === 0 ? (
        <p className="card p-6 text-center text-ink-2">No project matches.</p>
      ) : (
        <SelectionContext value={selection}>
          <Rows groups={groups} />
        </SelectionContext>
      )}
      <p className="mt-3 text-xs text-ink-3">
        Times in <Zone />
      </p>
      <BulkBar selection={selection} filter={matching} total={total} shown={found.flatMap(({ projects }) => projects)} />
    </>
  );
}

/** A table from 1088 px, the same facts as a list under it; only one of them is in the page. */
function Rows({ groups }: { groups: OverviewGroup[] }) {
  const isWide = useMediaQuery('(width >= 68rem)');
  return isWide ? <OverviewTable groups={groups} /> : <OverviewCards groups={groups} />;
}

function viewOptions({ total, environments }: ProjectSummaryWire) {
  const option = (value: OverviewView, words: string, count: number) => ({
    value,
    label: (
      <>
        {words} <span className="num text-ink-3">{count}</span>
      </>
    ),
  });
  return [
    option('all', 'All', total),
    option('production', 'Production', environments.production),
    option('non_production', 'Non-production', environments.non_production),
  ];
}
