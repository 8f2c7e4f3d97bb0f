'use client';

import { Check, Copy } from 'lucide-react';
import { useCallback } from 'react';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { useCopy } from './use-copy.ts';

interface ShownOnceProps {
  value: string;
  /** What is copied, for readers: "the key". */
  what: string;
  className?: string;
}

/** A secret in the answer that made it, open and to be copied. */
export function ShownOnce({ value, what, className }: ShownOnceProps) {
  const { copied, copy } = useCopy(useCallback(async () => value, [value]));
  return (
    <div className={`secret ${className ?? ''}`} data-state="revealed">
      <code>
        <span className="hole">{value}</span>
      </code>
      <Button kind="quiet" size="small" onClick={() => void copy()}>
        <Icon as={copied ? Check : Copy} />
        <span aria-live="polite">
          {copied ? 'Copied' : 'Copy'}
          <span className="sr-only"> {what}</span>
        </span>
      </Button>
    </div>
  );
}
