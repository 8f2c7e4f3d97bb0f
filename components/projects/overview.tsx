'use client';

import { useSearchParams } from 'next/navigation';
import { type ComponentType, useEffect, useRef, useState } from 'react';
import { useProjectPages, useProjectSummary } from '#components/data/projects.ts';
import { useNoWorker } from '#components/session/queries.ts';
import { useTyped } from '#components/ui/use-debounced.ts';
import { OverviewEmpty } from './overview-empty.tsx';
import { OverviewError } from './overview-error.tsx';
import { DEFAULT_SORT, type OverviewSort, type OverviewView, SORTS, VIEWS } from './overview-groups.ts';
import { type BulkBarProps, type ListAddress, OverviewList } from './overview-list.tsx';
import { OverviewLoading } from './overview-loading.tsx';

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
