'use client';

import { useNow } from './now.tsx';
import { Time } from './time.tsx';

const isToday = (at: string, now: Date): boolean => new Date(at).toDateString() === now.toDateString();

/** A moment of a list: with seconds today, with its date before. */
export function When({ at }: { at: string }) {
  const now = useNow();
  return <Time at={at} style={now === null || isToday(at, now) ? 'second' : 'day'} />;
}
