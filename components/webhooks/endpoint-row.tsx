'use client';

import Link from 'next/link';
import { useUpdateEndpoint } from '#components/data/webhooks.ts';
import { useChangeReason } from '#components/session/use-role-reason.ts';
import { formatAge } from '#components/ui/format-time.ts';
import { State } from '#components/ui/state.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { Time, useNow } from '#components/ui/time.tsx';
import type { WebhookEndpointWire } from '#lib/contract/webhook.ts';
import { askedFor, DIALECT_NAMES, endpointState, OFF_REASONS } from './endpoint-words.ts';

interface EndpointRowProps {
  endpoint: WebhookEndpointWire;
  isShown: boolean;
  onProblem: (error: Error | null) => void;
}

/** One endpoint: where it is, what it receives, whether it answers, and its switch. */
export function EndpointRow({ endpoint, isShown, onProblem }: EndpointRowProps) {
  const update = useUpdateEndpoint(endpoint.id);
  const reason = useChangeReason();
  const { kind, text } = endpointState(endpoint);
  const toggle = (isActive: boolean) => {
    onProblem(null);
    update.mutate({ is_active: isActive }, { onError: onProblem });
  };
  return (
    <li className={`flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5 ${isShown ? 'bg-accent-tint' : ''}`}>
      <div className="min-w-0 flex-1 basis-64">
        <Link
          href={`/settings/webhooks?endpoint=${endpoint.id}`}
          scroll={false}
          className="mono block truncate font-medium"
          aria-current={isShown || undefined}
        >
          {endpoint.url}
        </Link>
        <p className={`text-xs [overflow-wrap:anywhere] ${isShown ? 'text-ink-2' : 'text-ink-3'}`}>
          <Facts endpoint={endpoint} />
        </p>
      </div>
      <div className="flex items-center gap-3 max-sm:w-full max-sm:justify-between">
        <State kind={kind}>{text}</State>
        <Switch checked={endpoint.is_active} disabled={Boolean(reason) || update.isPending} onChange={toggle}>
          <span className="sr-only">{endpoint.url} receives events</span>
        </Switch>
      </div>
    </li>
  );
}

function Facts({ endpoint }: { endpoint: WebhookEndpointWire }) {
  const { dialect, description, is_active: isActive, disabled_at: offAt, disabled_reason: offReason, secret_created_at: secretAt } = endpoint;
  return (
    <>
      {description && `${description} · `}
      {dialect !== 'standard' && `${DIALECT_NAMES[dialect]} · `}
      {askedFor(endpoint)}
      {isActive && secretAt && (
        <>
          {' · signed, secret '}
          <SecretAge since={secretAt} />
        </>
      )}
      {!isActive && offAt && (
        <>
          {' · off since '}
          <Time at={offAt} style="day" />
          {offReason && `: ${OFF_REASONS[offReason]}`}
        </>
      )}
    </>
  );
}

function SecretAge({ since }: { since: string }) {
  const now = useNow();
  const age = now && formatAge(new Date(since), now);
  return age === 'today' ? 'created today' : `${age ?? ''} old`;
}
