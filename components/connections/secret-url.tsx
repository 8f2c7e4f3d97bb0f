'use client';

import { SecretField } from '#components/ui/secret-field.tsx';
import { type ConnectionParts, cutAtPassword, splitConnectionUrl } from './connection-url.ts';
import type { SecretUrls } from './use-secret-urls.ts';

interface SecretUrlProps {
  endpoint: 'pooled' | 'direct';
  parts: ConnectionParts;
  /** The variable it usually stands in, and for whom. */
  hint: string;
  urls: SecretUrls;
  disabledReason: string | false;
}

const NAMES = { pooled: 'Pooled', direct: 'Direct' };

/** One connection URL: masked, revealed for a minute, copied without being shown. */
export function SecretUrl({ endpoint, parts, hint, urls, disabledReason }: SecretUrlProps) {
  const url = endpoint === 'pooled' ? urls.revealed?.pooled_url : urls.revealed?.direct_url;
  const [before, secret, after] = url ? cutAtPassword(url) : maskedUrl(parts);
  const copy = async () => {
    const had = await urls.read();
    return (endpoint === 'pooled' ? had?.pooled_url : had?.direct_url) ?? null;
  };
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
        onReveal={urls.reveal}
        onHide={urls.hide}
        onCopy={copy}
        busy={urls.isBusy}
        disabledReason={disabledReason}
      />
    </div>
  );
}

const maskedUrl = (parts: ConnectionParts): [string, null, string] => {
  const [before, after] = splitConnectionUrl(parts);
  return [before, null, after];
};
