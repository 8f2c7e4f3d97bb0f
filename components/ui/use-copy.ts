'use client';

import { useCallback, useEffect, useState } from 'react';
import { writeClipboard } from './write-clipboard.ts';

const COPIED_MS = 2000;

/** Copies what `text` resolves to (null: nothing) and says so for 2 s. */
export function useCopy(text: () => Promise<string | null>): { copied: boolean; copy: () => Promise<void> } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = useCallback(async () => {
    setCopied(await writeClipboard(text()));
  }, [text]);
  return { copied, copy };
}
