'use client';

import { KeySquare } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { ShownOnce } from '#components/ui/shown-once.tsx';
import type { ApiKeyCreatedWire } from '#lib/contract/account.ts';

/** A key, this once. Whoever closes it forgets the key. */
export function NewKeyNotice({ made: { api_key: apiKey, plaintext_api_key: key }, onClose }: { made: ApiKeyCreatedWire; onClose: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  // Rotated far down the list, it would stand out of sight.
  useEffect(() => {
    void place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={place} className="notice mb-4 scroll-mt-20 !items-center max-sm:flex-wrap" data-tone="accent" role="status">
      <Icon as={KeySquare} className="!mt-0 max-sm:hidden" />
      <div className="min-w-0 flex-1 max-sm:basis-full">
        <p className="font-medium">“{apiKey.name}” is ready. It is shown only once.</p>
        <ShownOnce value={key} what="the key" className="mt-1.5 max-w-[34rem]" />
      </div>
      <Button className="max-sm:w-full" onClick={onClose}>
        I have stored it
      </Button>
    </div>
  );
}
