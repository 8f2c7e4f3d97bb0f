'use client';

import { ChevronDown, ChevronUp, Copy, CopyCheck, Link2, Link2Off } from 'lucide-react';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { Fragment, type ReactNode, useCallback } from 'react';
import { auditWords, outcomeShown } from '#components/activity/audit-words.ts';
import { useAuditRecord } from '#components/data/audit.ts';
import { addressOf, readFilters } from '#components/data/audit-filters.ts';
import { Button } from '#components/ui/button.tsx';
import { Drawer } from '#components/ui/drawer.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { plain } from '#components/ui/sentence.ts';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { State, type StateKind } from '#components/ui/state.tsx';
import { Time } from '#components/ui/time.tsx';
import { useCopy } from '#components/ui/use-copy.ts';
import type { AuditEventWire, AuditRecordAnswer } from '#lib/contract/audit.ts';
import { actorName } from './audit-rows.tsx';
import { clientWords } from './client-words.ts';

const IN_PLACE = 'mx-5 mb-4 !bg-ok-tint !border-ok-line [&>svg]:!text-ok-ink';

const count = (number: number): string => number.toLocaleString('en-US');

/** Whether a record is in its place: itself, and all before it. */
function PlaceNotice({ record: { place, audit_event: event, verification } }: { record: AuditRecordAnswer }) {
  if (place.is_in_place === null)
    return (
      <Notice className="mx-5 mb-4" icon={Link2} title="This event is older than the chain.">
        It was written before events were chained, so nothing proves that it is unchanged.
      </Notice>
    );
  if (!place.is_in_place)
    return (
      <Notice tone="danger" className="mx-5 mb-4" icon={Link2Off} title="This event is not in its place.">
        It was changed, or an event next to it is gone. Compare it with an export kept elsewhere.
      </Notice>
    );
  const { checkpoint, checked_at: checkedAt, is_whole: isWhole } = verification;
  if (!place.is_checked || !isWhole || checkedAt === null)
    return (
      <Notice tone="ok" className={IN_PLACE} icon={Link2} title="This event is in its place.">
        Its HMAC matches, and so do the events next to it.{' '}
        {place.is_checked ? 'Other events of this log are broken.' : 'The whole chain was last verified before this event was written.'}
      </Notice>
    );
  return (
    <Notice tone="ok" className={IN_PLACE} icon={Link2} title="This event is in its place.">
      {event.seq === 1 ? 'Its HMAC matches.' : `Its HMAC and that of ${count(event.seq - 1)} before it match.`} Checked <Time at={checkedAt} style="full" />
      {checkpoint && checkpoint.seq >= event.seq ? `, checkpoint ${count(checkpoint.number)} signed.` : '.'}
    </Notice>
  );
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?/g;

/** JSON with its names and texts coloured. */
function JsonText({ value }: { value: unknown }) {
  const text = JSON.stringify(value, null, 2);
  const parts = [...text.matchAll(TOKEN)];
  return (
    <code>
      {parts.map((match, index) => {
        const before = parts[index - 1];
        const from = before ? before.index + before[0].length : 0;
        return (
          <Fragment key={match.index}>
            {text.slice(from, match.index)}
            <span className={match[2] ? 'k' : 's'}>{match[1]}</span>
            {match[2]}
          </Fragment>
        );
      })}
      {text.slice((parts.at(-1)?.index ?? 0) + (parts.at(-1)?.[0].length ?? 0))}
    </code>
  );
}

/** One record beside the log: the sentence, what stands behind it, its place in the chain, and the record itself. */
export function AuditRecord({ eventId }: { eventId: string }) {
  const router = useRouter();
  const address = addressOf(readFilters(useSearchParams()));
  const record = useAuditRecord(eventId);
  const { next_id: newer, previous_id: older } = record.data?.place ?? {};
  const go = (id: string | null | undefined) => id && router.replace(`/audit/${id}${address}`, { scroll: false });
  const close = () => router.push(`/audit${address}`, { scroll: false });
  const event = record.data?.audit_event;
  const title = event ? `${actorName(event)} ${plain(auditWords(event).did)}` : 'Audit event';
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && close()}
      title={title}
      aside={event && <Aside event={event} />}
      actions={
        <>
          <IconButton label="Newer event" icon={ChevronUp} disabled={!newer} onClick={() => go(newer)} />
          <IconButton label="Older event" icon={ChevronDown} disabled={!older} onClick={() => go(older)} />
        </>
      }
    >
      {record.isPending && <RowsSkeleton label="Loading the event" />}
      {record.isError && <ListProblem error={record.error} isAsking={record.isFetching} onRetry={() => void record.refetch()} />}
      {record.data && <Facts record={record.data} />}
    </Drawer>
  );
}

function Aside({ event }: { event: AuditEventWire }) {
  return (
    <p className="mt-1 text-ink-3">
      <Time at={event.created_at} style="full" /> · record {event.seq.toLocaleString('en-US')}
    </p>
  );
}

function Facts({ record }: { record: AuditRecordAnswer }) {
  const { audit_event: event } = record;
  const json = JSON.stringify(event, null, 2);
  const { copied, copy } = useCopy(useCallback(async () => json, [json]));
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <KeyValue className="px-5 py-3" rows={rowsOf(event)} />
      <PlaceNotice record={record} />
      <div className="border-t border-line">
        <div className="flex items-center px-5 pt-3 pb-2">
          <h3 className="font-semibold">Raw event</h3>
          <span className="spacer" />
          <Button kind="quiet" size="small" icon={copied ? CopyCheck : Copy} onClick={() => void copy()}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <pre tabIndex={0} className="code overflow-x-auto !px-5">
          <JsonText value={event} />
        </pre>
      </div>
    </div>
  );
}

const METHODS: Record<AuditEventWire['method'], string> = { session: 'session', api_key: 'API key', system: 'automatic' };

const OUTCOMES: Record<AuditEventWire['outcome'], { kind: StateKind; words: string }> = {
  done: { kind: 'ok', words: 'Done' },
  refused: { kind: 'failed', words: 'Refused' },
  failed: { kind: 'failed', words: 'Failed' },
  unknown: { kind: 'unknown', words: 'Unknown' },
};

function rowsOf(event: AuditEventWire): [string, ReactNode][] {
  const { kind, words } = OUTCOMES[outcomeShown(event)];
  const { job_id: job } = event.metadata;
  const rows: [string, ReactNode][] = [['Actor', event.actor_role === null ? actorName(event) : `${event.actor_name}, ${event.actor_role}`]];
  rows.push(['Signed in', <Method key="method" event={event} />]);
  if (event.address !== null || event.user_agent !== null)
    rows.push([
      'From',
      <span key="from">
        {event.address !== null && <code>{event.address}</code>}
        {event.address !== null && event.user_agent !== null && ', '}
        {event.user_agent !== null && clientWords(event.user_agent)}
      </span>,
    ]);
  if (event.project_id !== null || event.target_type !== null) rows.push(['Target', <Target key="target" event={event} />]);
  if (event.reason !== null) rows.push(['Reason', event.reason]);
  rows.push([
    'Outcome',
    <State key="outcome" kind={kind}>
      {words}
    </State>,
  ]);
  if (event.request_id !== null) rows.push(['Request', <code key="request">{event.request_id}</code>]);
  if (typeof job === 'string' && event.project_id !== null)
    rows.push([
      'Job',
      <Link key="job" className="link" href={`/projects/${event.project_id}/activity/${job}`}>
        {job}
      </Link>,
    ]);
  return rows;
}

function Method({ event }: { event: AuditEventWire }) {
  if (event.method === 'api_key')
    return (
      <>
        API key <code>{event.key_id}</code>
      </>
    );
  if (event.method === 'session' && event.signed_in_at !== null)
    return (
      <>
        session, since <Time at={event.signed_in_at} style="full" />
      </>
    );
  return METHODS[event.method];
}

function Target({ event }: { event: AuditEventWire }) {
  const own = event.target_type === 'project' ? null : (event.target_name ?? event.target_id ?? event.target_type);
  return (
    <>
      {event.project_id !== null && (
        <Link className="link" href={`/projects/${event.project_id}/connections`}>
          {event.project_name ?? event.project_id}
        </Link>
      )}
      {event.project_id !== null && own !== null && ' / '}
      {own !== null && <code>{own}</code>}
    </>
  );
}
