'use client';

import Link from 'next/link';
import { AuditMark } from '#components/activity/audit-mark.tsx';
import { auditWords, outcomeShown } from '#components/activity/audit-words.ts';
import { Badge } from '#components/ui/badge.tsx';
import { SentenceText } from '#components/ui/sentence-text.tsx';
import { When } from '#components/ui/time.tsx';
import type { Tone } from '#components/ui/tone.ts';
import { Truncated } from '#components/ui/truncated.tsx';
import { useMediaQuery } from '#components/ui/use-media-query.ts';
import type { AuditEventWire } from '#lib/contract/audit.ts';

interface RowsProps {
  events: AuditEventWire[];
  /** The record that is open beside them. */
  openId: string | undefined;
  /** The filters, for the address of a record. */
  address: string;
}

export const actorName = ({ actor_kind: kind, actor_name: name }: AuditEventWire): string =>
  kind === 'system' ? 'Rekey' : kind === 'api_key' ? `API key ${name}` : name;

const TONES: Record<Exclude<AuditEventWire['outcome'], 'done'>, Tone> = { refused: 'danger', failed: 'danger', unknown: 'warn' };

/** A table from 832 px, the same facts as a list under it; only one of them is in the page. */
export function AuditRows(props: RowsProps) {
  const isWide = useMediaQuery('(width >= 52rem)');
  return isWide ? <AuditTable {...props} /> : <AuditList {...props} />;
}

function OutcomeBadge({ event }: { event: AuditEventWire }) {
  const outcome = outcomeShown(event);
  return outcome === 'done' ? null : <Badge tone={TONES[outcome]}>{outcome}</Badge>;
}

function SentenceLink({ event, address }: { event: AuditEventWire; address: string }) {
  const { did, why } = auditWords(event);
  return (
    <Link href={`/audit/${event.id}${address}`} scroll={false} className="min-w-0 [overflow-wrap:anywhere] whitespace-normal text-ink">
      <b className="font-medium">{actorName(event)}</b> <SentenceText of={did} />
      {why !== null && <span className="text-ink-3"> · {why}</span>}
    </Link>
  );
}

function AuditTable({ events, openId, address }: RowsProps) {
  return (
    <div className="card overflow-x-auto">
      <table className="table">
        <caption className="sr-only">Audit events, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">What happened</th>
            <th scope="col">Project</th>
            <th scope="col">From</th>
            <th scope="col">
              <span className="sr-only">Outcome</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id} data-row={event.id} aria-selected={event.id === openId || undefined}>
              <td className="!h-10 w-28 whitespace-nowrap">
                <When at={event.created_at} />
              </td>
              <td>
                <span className="flex items-center gap-2.5">
                  <AuditMark mark={auditWords(event).mark} className="shrink-0" />
                  <SentenceLink event={event} address={address} />
                </span>
              </td>
              <td className="text-ink-2">
                {event.project_name === null ? <span className="text-ink-3">–</span> : <Truncated text={event.project_name} className="max-w-40" />}
              </td>
              <td>{event.address === null ? <span className="text-ink-3">–</span> : <code className="text-xs text-ink-3">{event.address}</code>}</td>
              <td className="r">
                <OutcomeBadge event={event} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AuditList({ events, openId, address }: RowsProps) {
  return (
    <ul className="card list">
      {events.map((event) => (
        <li key={event.id} data-row={event.id} aria-current={event.id === openId || undefined} className="flex gap-3 px-4 py-2.5">
          <AuditMark mark={auditWords(event).mark} className="mt-0.5 shrink-0" />
          <div className="min-w-0 flex-1">
            <SentenceLink event={event} address={address} />
            <p className="mt-0.5 flex flex-wrap items-center gap-2 text-xs text-ink-3">
              <When at={event.created_at} />
              {event.project_name !== null && <span>{event.project_name}</span>}
              {event.address !== null && <code>{event.address}</code>}
              <OutcomeBadge event={event} />
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
