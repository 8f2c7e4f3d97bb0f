'use client';

import { ArrowDown } from 'lucide-react';
import { useParams, usePathname, useRouter, useSearchParams } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { useAuditLog } from '#components/data/audit.ts';
import { type AuditFilters, addressOf, readFilters } from '#components/data/audit-filters.ts';
import { Button } from '#components/ui/button.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { Zone } from '#components/ui/time.tsx';
import { useRowKeys } from '#components/ui/use-row-keys.ts';
import { AuditHead } from './audit-head.tsx';
import { AuditRows } from './audit-rows.tsx';
import { FilterBar } from './filter-bar.tsx';

/** The organization's audit log; `children` is the record that is open beside it. */
export function AuditPage({ actions, children }: { actions: readonly string[]; children: ReactNode }) {
  const router = useRouter();
  const path = usePathname();
  const { eventId } = useParams<{ eventId?: string }>();
  const filters = readFilters(useSearchParams());
  const [isLive, setLive] = useState(true);
  const log = useAuditLog(filters, isLive);
  useRowKeys();
  const events = log.data?.pages.flatMap((page) => page.audit_events) ?? [];
  const actors = [...new Set(events.filter((event) => event.actor_kind !== 'system').map((event) => event.actor_name))].sort();
  const change = (part: Partial<AuditFilters>) => router.replace(`${path}${addressOf({ ...filters, ...part })}`, { scroll: false });
  return (
    <>
      <AuditHead filters={filters} />
      <FilterBar filters={filters} onChange={change} actions={actions} actors={actors} isLive={isLive} onLive={setLive} />
      {log.isPending && (
        <div className="card">
          <RowsSkeleton label="Loading the audit log" />
        </div>
      )}
      {log.isError && <ListProblem error={log.error} isAsking={log.isFetching} onRetry={() => void log.refetch()} />}
      {log.isSuccess && events.length === 0 && <Nothing isNarrowed={addressOf(filters) !== ''} />}
      {events.length > 0 && <AuditRows events={events} openId={eventId} address={addressOf(filters)} />}
      <div className="mt-3 flex items-center gap-4 text-xs text-ink-3">
        <span className="hidden items-center gap-1.5 sm:flex">
          <Kbd>J</Kbd>
          <Kbd>K</Kbd> move <Kbd>↵</Kbd> raw event <Kbd>F</Kbd> search
        </span>
        <span>
          Times in <Zone />
        </span>
        <span className="spacer" />
        {log.hasNextPage && (
          <Button size="small" icon={ArrowDown} busy={log.isFetchingNextPage && 'Loading'} onClick={() => void log.fetchNextPage()}>
            Older
          </Button>
        )}
      </div>
      {children}
    </>
  );
}

function Nothing({ isNarrowed }: { isNarrowed: boolean }) {
  return (
    <p className="card p-6 text-center text-ink-2">
      {isNarrowed ? 'No event matches. Remove a filter, or search for less.' : 'No events yet. Every action and every refusal appears here.'}
    </p>
  );
}
