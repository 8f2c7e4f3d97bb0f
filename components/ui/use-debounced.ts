'use client';

import { useEffect, useState } from 'react';

const TYPING_MS = 120;

/** The value once it has stayed the same for `ms`; compared by its content. */
export function useDebounced<T>(value: T, ms: number): T {
  const text = JSON.stringify(value);
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return JSON.parse(settled) as T;
}

/** What has been typed, once the typing pauses; an empty text at once. */
export const useTyped = (text: string): string => useDebounced(text, text === '' ? 0 : TYPING_MS);
