'use client';

import { Check, Copy, KeySquare } from 'lucide-react';
import { useCallback, useEffect, useRef } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { useCopy } from '#components/ui/use-copy.ts';
import type { ApiKeyCreatedWire } from '#lib/http/wire/account.ts';

/** A key, this once. Whoever closes it forgets the key. */
export function NewKeyNotice({ made: { api_key: apiKey, plaintext_api_key: key }, onClose }: { made: ApiKeyCreatedWire; onClose: () => void }) {
  const { copied, copy } = useCopy(useCallback(async () => key, [key]));
  const place = useRef<HTMLDivElement>(null);
  // Rotated far down the list, it would stand out of sight.
  useEffect(() => {
    void place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={place} className="notice mb-4 scroll-mt-20 !items-center max-sm:flex-wrap" data-tone="accent" role="status">
      <Icon as={KeySquare} className="!mt-0 max-sm:hidden" />
      <div className="min-w-0 flex-1 max-sm:basis-full">
        <p className="font-medium">“{apiKey.name}” is ready. It is shown this once.</p>
        <p className="secret mt-1.5 max-w-[34rem] !bg-surface">
          <code>{key}</code>
          <Button kind="quiet" size="small" onClick={() => void copy()}>
            <Icon as={copied ? Check : Copy} />
            <span aria-live="polite">
              {copied ? 'Copied' : 'Copy'}
              <span className="sr-only"> the key</span>
            </span>
          </Button>
        </p>
      </div>
      <Button className="max-sm:w-full" onClick={onClose}>
        I have stored it
      </Button>
    </div>
  );
}
