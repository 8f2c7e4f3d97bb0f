'use client';

import { Mail } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { ShownOnce } from '#components/ui/shown-once.tsx';
import type { InvitationMadeWire } from '#lib/contract/member.ts';

/** The link of an invitation, this once. */
export function NewLinkNotice({ made: { invitation, url }, onClose }: { made: InvitationMadeWire; onClose: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  // Made far down the list, it would stand out of sight.
  useEffect(() => {
    void place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={place} className="notice mb-4 scroll-mt-20 !items-center max-sm:flex-wrap" data-tone="accent" role="status">
      <Icon as={Mail} className="!mt-0 max-sm:hidden" />
      <div className="min-w-0 flex-1 max-sm:basis-full">
        <p className="font-medium">Give this link to {invitation.email}. It is shown only once, and works once.</p>
        <ShownOnce value={url} what="the link" className="mt-1.5 max-w-[44rem]" />
      </div>
      <Button className="max-sm:w-full" onClick={onClose}>
        I have copied it
      </Button>
    </div>
  );
}
