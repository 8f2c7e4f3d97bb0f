'use client';

import { useEffect, useState } from 'react';

const TYPING_MS = 120;

/** What has been typed, once the typing pauses; an empty text at once. */
export function useTyped(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), text === '' ? 0 : TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
