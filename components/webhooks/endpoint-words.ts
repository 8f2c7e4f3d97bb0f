import type { StateKind } from '#components/ui/state.tsx';
import type { Dialect, WebhookEndpointWire } from '#lib/contract/webhook.ts';

export const DIALECT_NAMES: Record<Dialect, string> = { standard: 'Standard Webhooks', vector: 'Vector', capydb: 'CapyDB', slack: 'Slack' };

type Reason = NonNullable<WebhookEndpointWire['disabled_reason']>;

/** Why Rekey turned an endpoint off: after the time. */
export const OFF_REASONS: Record<Reason, string> = { gone: 'answered 410 Gone', failing: 'no delivery succeeded for three days' };

/** An endpoint's state in a word or two. */
export function endpointState({ is_active, disabled_reason, failing_since, last_delivered_at }: WebhookEndpointWire): { kind: StateKind; text: string } {
  if (!is_active) return disabled_reason ? { kind: 'turned-off', text: 'Turned off by Rekey' } : { kind: 'off', text: 'Off' };
  if (failing_since) return { kind: 'failed', text: 'Deliveries fail' };
  return last_delivered_at ? { kind: 'ok', text: 'Answers' } : { kind: 'not-readable', text: 'Not called yet' };
}

/** What it is told, as it was asked for. */
export const askedFor = ({ event_types: types }: WebhookEndpointWire): string => (types.includes('*') ? 'all events' : types.join(', '));

/** A URL without its protocol. */
export const placeOf = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '');
