'use client';

import { OverviewEmpty } from './overview-empty.tsx';
import { OverviewError } from './overview-error.tsx';
import { OverviewList } from './overview-list.tsx';
import { OverviewLoading } from './overview-loading.tsx';
import { useProjects } from './queries.ts';

/** All projects, those that need a person first. */
export function Overview() {
  const query = useProjects();
  if (query.data) return query.data.length === 0 ? <OverviewEmpty /> : <OverviewList projects={query.data} />;
  if (query.isError) return <OverviewError error={query.error} tries={query.failureCount} isAsking={query.isFetching} onRetry={() => void query.refetch()} />;
  return <OverviewLoading />;
}
