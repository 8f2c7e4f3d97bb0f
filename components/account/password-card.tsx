'use client';

import { RectangleEllipsis } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useStaleReason } from '#components/session/live.tsx';
import { useActLink } from '#components/ui/act-link.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Notice } from '#components/ui/notice.tsx';

// Loaded when it is opened first.
const ChangePasswordDialog = dynamic(() => import('./change-password-dialog.tsx').then((module) => module.ChangePasswordDialog));

const endedWords = (count: number): string => (count === 1 ? '1 other session was ended.' : `${count} other sessions were ended.`);

/** The way to another password, and what came of it. */
export function PasswordCard() {
  const reason = useStaleReason();
  const [isChanging, setIsChanging] = useState(false);
  useActLink('password', reason, () => setIsChanging(true));
  const [ended, setEnded] = useState<number | null>(null);
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-3 p-4">
        <Icon as={RectangleEllipsis} className="text-ink-3" />
        <p className="min-w-0 flex-1 basis-64 text-ink-2">Only you know it: Rekey stores a hash. To change it, you need the current one.</p>
        <Button size="small" disabledReason={reason} onClick={() => setIsChanging(true)}>
          Change password
        </Button>
      </div>
      {ended !== null && (
        <div className="px-4 pb-4">
          <Notice tone="ok" role="status" title="Your password was changed.">
            {ended > 0 && endedWords(ended)}
          </Notice>
        </div>
      )}
      {isChanging && (
        <ChangePasswordDialog
          onChanged={(count) => {
            setIsChanging(false);
            setEnded(count);
          }}
          onClose={() => setIsChanging(false)}
        />
      )}
    </Card>
  );
}
