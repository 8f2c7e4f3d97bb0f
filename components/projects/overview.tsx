'use client';

import { RotateCw, Unplug } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { type ComponentType, useEffect, useRef, useState } from 'react';
import { useProjectPages, useProjectSummary } from '#components/data/projects.ts';
import { useNoWorker } from '#components/session/queries.ts';
import { Button } from '#components/ui/button.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import { useTyped } from '#components/ui/use-debounced.ts';
import { ApiProblem } from '#lib/contract/api-client.ts';
import { OverviewEmpty } from './overview-empty.tsx';
import { Strip } from './overview-figures.tsx';
import { DEFAULT_SORT, type OverviewSort, type OverviewView, SORTS, VIEWS } from './overview-groups.ts';
import { type BulkBarProps, type ListAddress, OverviewList } from './overview-list.tsx';

const ROWS = [62, 48, 70, 55, 66, 44, 60];

/** The size of what comes. */
function OverviewLoading() {
  return (
    <>
      <h1 className="sr-only">Overview</h1>
      <Loading label="Loading projects">
        <div className="flex h-[3.375rem] flex-col justify-center gap-3">
          <SkeletonBar width="20rem" />
          <SkeletonBar width="26rem" />
        </div>
        <Strip />
        <div className="mt-5 mb-3 h-7">
          <SkeletonBar width="24rem" />
        </div>
        <div className="card">
          <div className="h-8 border-b border-line px-4 py-3">
            <SkeletonBar width="40%" />
          </div>
          {ROWS.map((percent) => (
            <div key={percent} className="flex h-[3.25rem] items-center gap-6 border-b border-line px-4 last:border-0">
              <span className="grid w-48 gap-2">
                <SkeletonBar width={`${percent}%`} />
                <SkeletonBar width={`${percent + 18}%`} />
              </span>
              <span className="hidden flex-1 gap-2 sm:grid">
                <SkeletonBar width={`${percent / 2}%`} />
                <SkeletonBar width={`${percent}%`} />
              </span>
              <span className="hidden w-20 md:block">
                <SkeletonBar width="100%" />
              </span>
              <span className="hidden w-16 md:block">
                <SkeletonBar width="100%" />
              </span>
            </div>
          ))}
        </div>
      </Loading>
    </>
  );
}

interface OverviewErrorProps {
  error: Error;
  tries: number;
  isAsking: boolean;
  onRetry: () => void;
}

/** The list could not be loaded: what is not affected, and what to do. */
function OverviewError({ error, tries, isAsking, onRetry }: OverviewErrorProps) {
  const requestId = error instanceof ApiProblem ? error.requestId : null;
  return (
    <>
      <h1 className="sr-only">Overview</h1>
      <Empty
        className="card mt-6 !py-14"
        role="alert"
        icon={Unplug}
        tone="danger"
        title="The list could not be loaded"
        text={`${error.message} Only this page is affected: your databases and passwords are safe, and a rotation in progress continues.`}
        foot={
          <>
            Tried {tries} {tries === 1 ? 'time' : 'times'}
            {requestId && (
              <>
                {' '}
                · request <code>{requestId}</code>
              </>
            )}
          </>
        }
      >
        <div className="mt-4 flex gap-2">
          <Button kind="primary" icon={RotateCw} busy={isAsking && 'Trying again'} onClick={onRetry}>
            Try again
          </Button>
        </div>
      </Empty>
    </>
  );
}

/** Changes parts of the address; an empty one goes. Not a page of its own in the history: Back leaves the overview. */
function changeAddress(changes: Record<string, string>): void {
  const next = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  window.history.replaceState(null, '', text === '' ? window.location.pathname : `?${text}`);
}

/** What is shown stands in the address, so that Back and a shared link show the same. */
function useListAddress(): ListAddress & { text: string } {
  const params = useSearchParams();
  const asked = params.get('q') ?? '';
  // A field that waits for the address loses what is typed meanwhile, so it is written there once the typing pauses.
  const [filter, setFilter] = useState(asked);
  const text = useTyped(filter.trim());
  const written = useRef(asked);
  useEffect(() => {
    if (text === written.current) return;
    written.current = text;
    changeAddress({ q: text });
  }, [text]);
  useEffect(() => {
    if (asked === written.current) return;
    written.current = asked;
    setFilter(asked);
  }, [asked]);
  const view = VIEWS.find((one) => one === params.get('show')) ?? 'all';
  const sort = SORTS.find(({ value }) => value === params.get('sort'))?.value ?? DEFAULT_SORT;
  const setView = (value: OverviewView) => changeAddress({ show: value === 'all' ? '' : value });
  const setSort = (value: OverviewSort | '') => changeAddress({ sort: value });
  return { view, sort, filter, text, setView, setSort, setFilter };
}

/** The projects, those that need a person first, page by page. */
export function Overview({ bulkBar }: { bulkBar: ComponentType<BulkBarProps> }) {
  const { text, ...address } = useListAddress();
  const { view, sort } = address;
  const noWorker = useNoWorker();
  const matching = { q: text || undefined, environment: view === 'all' ? undefined : view };
  const all = useProjectSummary({}, noWorker);
  const found = useProjectSummary(matching, noWorker);
  const needing = useProjectPages({ ...matching, needs_attention: true, sort: sort === DEFAULT_SORT ? 'urgency' : sort }, noWorker);
  const fine = useProjectPages({ ...matching, needs_attention: false, sort }, noWorker);
  const queries = [all, found, needing, fine];
  if (all.data && found.data && needing.data && fine.data) {
    if (all.data.total === 0) return <OverviewEmpty />;
    const groups = [
      { title: 'Needs a person', total: found.data.needs_attention, projects: needing.data, more: needing },
      { title: 'Fine', total: found.data.total - found.data.needs_attention, projects: fine.data, more: fine },
    ];
    const filter = Object.fromEntries(Object.entries(matching).filter(([, value]) => value !== undefined));
    return <OverviewList summary={all.data} groups={groups} address={address} filter={filter} total={found.data.total} bulkBar={bulkBar} />;
  }
  const failed = queries.find(({ isError }) => isError);
  if (failed?.error) {
    const retry = () => queries.forEach((query) => void (query.isError && query.refetch()));
    return <OverviewError error={failed.error} tries={failed.failureCount} isAsking={queries.some(({ isFetching }) => isFetching)} onRetry={retry} />;
  }
  return <OverviewLoading />;
}
