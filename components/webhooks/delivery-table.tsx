'use client';

import { Button } from '#components/ui/button.tsx';
import { formatDuration } from '#components/ui/format-time.ts';
import { State, type StateKind } from '#components/ui/state.tsx';
import { Countdown, useNow, When } from '#components/ui/time.tsx';
import type { DeliveryWire } from '#lib/contract/webhook.ts';

const STATES: Record<DeliveryWire['state'], { kind: StateKind; text: string }> = {
  pending: { kind: 'running', text: 'Pending' },
  delivered: { kind: 'ok', text: 'Delivered' },
  failed: { kind: 'failed', text: 'Failed' },
};

interface DeliveryTableProps {
  deliveries: DeliveryWire[];
  shownId: string | undefined;
  onShow: (id: string) => void;
  onRedeliver: (id: string) => void;
  /** Why nothing can be sent now. */
  reason: string | false;
}

/** What was told, newest first; the name of an event shows what was sent and answered. */
export function DeliveryTable({ deliveries, shownId, onShow, onRedeliver, reason }: DeliveryTableProps) {
  return (
    <section className="relative overflow-x-auto" aria-label="Deliveries">
      <table className="table min-w-[52rem]">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Event</th>
            <th scope="col">Answer</th>
            <th scope="col" className="r">
              Latency
            </th>
            <th scope="col">Attempt</th>
            <th scope="col">Time</th>
            <th scope="col">
              <span className="sr-only">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map((delivery) => (
            <tr key={delivery.id} className={delivery.id === shownId ? 'bg-accent-tint' : undefined}>
              <td className="!h-9">
                <State kind={STATES[delivery.state].kind}>{STATES[delivery.state].text}</State>
              </td>
              <td className="!h-9">
                <button type="button" className="text-left hover:underline" aria-pressed={delivery.id === shownId} onClick={() => onShow(delivery.id)}>
                  <code>{delivery.event_type}</code> <code className="text-xs text-ink-3">{shortId(delivery.payload.id)}</code>
                </button>
              </td>
              <td className="num !h-9">{delivery.response_status ?? '–'}</td>
              <td className="num !h-9 r text-ink-2">{delivery.latency_ms === null ? '–' : formatDuration(delivery.latency_ms)}</td>
              <td className="num !h-9 text-ink-2">
                <Attempt delivery={delivery} />
              </td>
              <td className="!h-9">
                <When at={delivery.attempt_log[0]?.at ?? delivery.created_at} />
              </td>
              <td className="!h-9 r">
                <Button kind="quiet" size="small" disabledReason={reason} onClick={() => onRedeliver(delivery.id)}>
                  {delivery.state === 'pending' ? 'Send now' : 'Redeliver'}
                  <span className="sr-only"> {delivery.payload.id}</span>
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const shortId = (id: string): string => id.slice(0, 8);

function Attempt({ delivery: { state, attempts, max_attempts: most, next_attempt_at: next } }: { delivery: DeliveryWire }) {
  const now = useNow();
  if (state !== 'pending') return `${attempts} of ${most}`;
  const isWaiting = now !== null && new Date(next) > now;
  return (
    <>
      {isWaiting && (
        <>
          next in <Countdown until={next} />,{' '}
        </>
      )}
      {attempts + 1} of {most}
    </>
  );
}
