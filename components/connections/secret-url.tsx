'use client';

import { SecretField } from '#components/ui/secret-field.tsx';
import type { ConnectionsWire } from '#lib/contract/project.ts';
import { type ConnectionParts, cutAtPassword, splitConnectionUrl } from '#lib/contract/snippets/connection-url.ts';
import type { EndpointName } from '#lib/contract/snippets/snippet-tokens.ts';
import type { SecretUrls } from './use-secret-urls.ts';

interface SecretUrlProps {
  endpoint: EndpointName;
  parts: ConnectionParts;
  /** The variable it usually stands in, and for whom. */
  hint: string;
  urls: SecretUrls;
  disabledReason: string | false;
}

const NAMES = { pooled: 'Pooled', direct: 'Direct' };

/** One connection URL: masked, revealed for a minute, copied without being shown. */
export function SecretUrl({ endpoint, parts, hint, urls, disabledReason }: SecretUrlProps) {
  const url = urls.shown === endpoint && urlOf(urls.revealed, endpoint);
  const [before, secret, after] = url ? cutAtPassword(url) : maskedUrl(parts);
  const copy = async () => urlOf(await urls.read(), endpoint);
  return (
    <div>
      <p className="mb-1.5 flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium">{NAMES[endpoint]}</span>
        <span className="text-xs text-ink-3">{hint}</span>
      </p>
      <SecretField
        label={`${endpoint} URL`}
        before={before}
        secret={secret}
        after={after}
        onReveal={() => urls.reveal(endpoint)}
        onHide={urls.hide}
        onCopy={copy}
        busy={urls.isBusy}
        disabledReason={disabledReason}
      />
    </div>
  );
}

const urlOf = (urls: ConnectionsWire | null, endpoint: EndpointName): string | null => (endpoint === 'pooled' ? urls?.pooled_url : urls?.direct_url) ?? null;

const maskedUrl = (parts: ConnectionParts): [string, null, string] => {
  const [before, after] = splitConnectionUrl(parts);
  return [before, null, after];
};
