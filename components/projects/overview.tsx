'use client';

import { useState } from 'react';
import { useNoWorker } from '#components/shell/queries.ts';
import { useTyped } from '#components/ui/use-debounced.ts';
import { OverviewEmpty } from './overview-empty.tsx';
import { OverviewError } from './overview-error.tsx';
import type { OverviewView } from './overview-groups.ts';
import { OverviewList } from './overview-list.tsx';
import { OverviewLoading } from './overview-loading.tsx';
import { useProjectPages, useProjectSummary } from './queries.ts';

/** The projects, those that need a person first, page by page. */
export function Overview() {
  const [view, setView] = useState<OverviewView>('all');
  const [filter, setFilter] = useState('');
  const noWorker = useNoWorker();
  const text = useTyped(filter.trim());
  const matching = { q: text || undefined, environment: view === 'all' ? undefined : view };
  const all = useProjectSummary({}, noWorker);
  const found = useProjectSummary(matching, noWorker);
  const needing = useProjectPages({ ...matching, needs_attention: true, sort: 'urgency' }, noWorker);
  const fine = useProjectPages({ ...matching, needs_attention: false }, noWorker);
  const queries = [all, found, needing, fine];
  if (all.data && found.data && needing.data && fine.data) {
    if (all.data.total === 0) return <OverviewEmpty />;
    const groups = [
      { title: 'Needs a person', total: found.data.needs_attention, projects: needing.data, more: needing },
      { title: 'Fine', total: found.data.total - found.data.needs_attention, projects: fine.data, more: fine },
    ];
    return <OverviewList summary={all.data} groups={groups} view={view} onView={setView} filter={filter} onFilter={setFilter} />;
  }
  const failed = queries.find(({ isError }) => isError);
  if (failed?.error) {
    const retry = () => queries.forEach((query) => void (query.isError && query.refetch()));
    return <OverviewError error={failed.error} tries={failed.failureCount} isAsking={queries.some(({ isFetching }) => isFetching)} onRetry={retry} />;
  }
  return <OverviewLoading />;
}
