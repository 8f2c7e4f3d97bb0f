'use client';

import { KeyRound } from 'lucide-react';
import { Button } from '#components/ui/button.tsx';
import { useOpenRotate, useRotateReason } from './rotate-provider.tsx';

/** The one primary button of a project's pages. */
export function RotateButton({ className }: { className?: string }) {
  const open = useOpenRotate();
  const reason = useRotateReason();
  return (
    <Button kind="primary" icon={KeyRound} shortcut={reason ? undefined : 'R'} disabledReason={reason} onClick={open} className={className}>
      Rotate Credentials
    </Button>
  );
}
