'use client';

import { useAuditEvents } from '#components/data/projects.ts';
import { Card } from '#components/ui/card.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { OlderButton } from '#components/ui/older-button.tsx';
import { SentenceText } from '#components/ui/sentence-text.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { When } from '#components/ui/time.tsx';
import type { AuditEventWire } from '#lib/contract/audit.ts';
import { AuditMark } from './audit-mark.tsx';
import { actorWords, auditWords } from './audit-words.ts';

/** The audit events of the project, as sentences, newest first. */
export function EventsCard({ projectId }: { projectId: string }) {
  const events = useAuditEvents(projectId);
  const rows = events.data?.pages.flatMap((page) => page.audit_events) ?? [];
  return (
    <Card title="Audit events" aside="audit events of this project">
      {events.isPending && <RowsSkeleton label="Loading the audit events" />}
      {events.isError && <ListProblem error={events.error} isAsking={events.isFetching} onRetry={() => void events.refetch()} />}
      {events.isSuccess && rows.length === 0 && <p className="px-4 py-3 text-ink-3">No events yet.</p>}
      <ul className="list">
        {rows.map((event) => (
          <EventRow key={event.id} event={event} />
        ))}
      </ul>
      {events.hasNextPage && <OlderButton isLoading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()} />}
    </Card>
  );
}

function EventRow({ event }: { event: AuditEventWire }) {
  const { mark, did, why } = auditWords(event);
  const from = event.address === null ? actorWords(event) : `from ${event.address} · ${actorWords(event)}`;
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <AuditMark mark={mark} className="mt-0.5" />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <p>
          <b className="font-medium">{event.actor_kind === 'system' ? 'Rekey' : event.actor_name}</b> <SentenceText of={did} />
        </p>
        <p className="text-xs text-ink-3">{[why, from].filter(Boolean).join(' · ')}</p>
      </div>
      <When at={event.created_at} />
    </li>
  );
}
