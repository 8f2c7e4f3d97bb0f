'use client';

import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { formatAge, formatSpan, formatTime, type TimeStyle } from './format-time.ts';

const NowContext = createContext<Date | null>(null);

/** One clock for the page, moved each second while the page can be seen. */
export function NowProvider({ children }: { children: ReactNode }) {
  const [now, setNow] = useState<Date | null>(null);
  useEffect(() => {
    const tick = () => {
      if (!document.hidden) setNow(new Date());
    };
    tick();
    const timer = setInterval(tick, 1000);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, []);
  return <NowContext value={now}>{children}</NowContext>;
}

/** The time now, moved each second; null on the server and in the first client render, so that both agree. */
export const useNow = (): Date | null => useContext(NowContext);

const parse = (at: string | Date): Date => (typeof at === 'string' ? new Date(at) : at);

interface TimeProps {
  at: string | Date;
  style?: TimeStyle;
  /** In the words' own font; days always are, proofs are figures that a machine wrote. */
  plain?: boolean;
}

/** A moment in the reader's own zone. Drawn on the client alone: the server does not know that zone. */
export function Time({ at, style = 'second', plain }: TimeProps) {
  const now = useNow();
  const date = parse(at);
  const isWords = plain || style === 'day' || style === 'full';
  return (
    <time dateTime={date.toISOString()} className={isWords ? 'font-sans text-[1em] tracking-normal' : undefined}>
      {now ? formatTime(date, style, now) : ''}
    </time>
  );
}

/** The age of a password in days. */
export function Age({ since }: { since: string | Date }) {
  const now = useNow();
  const date = parse(since);
  return (
    <span className="num" title={now ? formatTime(date, 'full', now) : undefined}>
      {now ? formatAge(date, now) : ''}
    </span>
  );
}

/** How long ago, or how long since, in one unit: "4 min". The words around it are the caller's. */
export function Span({ since }: { since: string | Date }) {
  const now = useNow();
  return <span className="num">{now ? formatSpan(now.getTime() - parse(since).getTime()) : ''}</span>;
}

/** How long until then, in one unit: "9 s". */
export function Countdown({ until }: { until: string | Date }) {
  const now = useNow();
  return <span className="num">{now ? formatSpan(parse(until).getTime() - now.getTime()) : ''}</span>;
}

/** The reader's zone, named once a page. */
export function Zone() {
  const now = useNow();
  return <>{now ? Intl.DateTimeFormat().resolvedOptions().timeZone : ''}</>;
}

const isToday = (at: string, now: Date): boolean => new Date(at).toDateString() === now.toDateString();

/** A moment of a list: with seconds today, with its date before. */
export function When({ at }: { at: string }) {
  const now = useNow();
  return <Time at={at} style={now === null || isToday(at, now) ? 'second' : 'day'} />;
}
