'use client';

import { type Query, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { LiveEvent } from '#lib/contract/common.ts';
import { type LiveState, liveState, SILENT_MS } from './live-clock.ts';
import { openSharedStream, type StreamNews } from './shared-stream.ts';

interface Live {
  state: LiveState;
  /** When something was last heard or answered. */
  asOf: Date | null;
  reconnect: () => void;
}

const LiveContext = createContext<Live>({ state: 'live', asOf: null, reconnect: () => {} });

/** Whether the page shows what is true now. */
export const useLive = (): Live => useContext(LiveContext);

/** Why nothing may be changed while the page is stale: for a disabled button, or false. */
export const useStaleReason = (): string | false => useLive().state === 'stale' && 'Not live: this is off until Rekey answers again.';

const KINDS = ['project', 'site', 'job', 'integration', 'consumer', 'webhook', 'member', 'departure', 'campaign', 'audit', 'session', 'worker'] as const;
const GATHER_MS = 60;

/** Listens to what changed and asks for it again; without the stream it asks every 5 s. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [shown, setShown] = useState<{ state: LiveState; asOf: Date | null }>({ state: 'live', asOf: null });
  const restart = useRef(() => {});

  useEffect(() => {
    let heardAt = Date.now();
    let answeredAt = heardAt;
    let askedAt = heardAt;
    let isFirst = true;
    let gather: ReturnType<typeof setTimeout> | undefined;
    const changed = new Set<string>();

    // What never came has its own "Try again": asking for it here would put the skeleton back.
    const predicate = (query: Query) => query.state.data !== undefined;
    const withRelated = (kinds: Iterable<string>): Set<string> => {
      const old = new Set(kinds);
      // A project shows how many of its consumers wait.
      if (old.has('integration') || old.has('consumer')) old.add('project');
      // A site shows how its databases stand.
      if (old.has('project')) old.add('site');
      // It may be the one who looks: what they may do has changed, or nobody is signed in any more.
      if (old.has('member') || old.has('session')) old.add('me');
      return old;
    };
    const ask = (kinds: Iterable<string>) => {
      for (const kind of withRelated(kinds)) void client.invalidateQueries({ queryKey: [kind], predicate }, { cancelRefetch: false });
    };
    const askForChanged = () => {
      // An answer that is on its way may be older than the change: what it is about is asked for once more after it.
      const isOnItsWay = [...withRelated(changed)].filter((kind) => client.isFetching({ queryKey: [kind], predicate }) > 0);
      ask(changed);
      changed.clear();
      for (const kind of isOnItsWay) changed.add(kind);
      gather = changed.size > 0 ? setTimeout(askForChanged, GATHER_MS) : undefined;
    };
    const show = () => {
      const now = Date.now();
      const state = liveState(now, heardAt, answeredAt);
      const asOf = new Date(Math.max(heardAt, answeredAt));
      // Only a change of state draws the page again; `asOf` matters once it is stale, and stands still then.
      setShown((was) => (was.state === state ? was : { state, asOf }));
    };
    const heard = () => {
      heardAt = Date.now();
      show();
    };
    const hear = (news: StreamNews) => {
      heard();
      // What happened while nobody listened is asked for once.
      if (news.type === 'open' && !isFirst) ask(KINDS);
      isFirst = false;
      if (news.type !== 'message') return;
      const event = parseJson(news.data);
      if (!event) return;
      changed.add(event.kind);
      gather ??= setTimeout(askForChanged, GATHER_MS);
    };
    const stream = openSharedStream(hear);
    const tick = () => {
      const now = Date.now();
      if (now - heardAt > SILENT_MS && now - askedAt >= SILENT_MS) {
        askedAt = now;
        ask(KINDS);
        stream.revive();
      }
      show();
    };

    restart.current = () => {
      stream.restart();
      ask(KINDS);
    };
    const timer = setInterval(tick, 1000);
    const unsubscribe = client.getQueryCache().subscribe((event) => {
      if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return;
      answeredAt = Date.now();
      show();
    });
    return () => {
      stream.close();
      clearInterval(timer);
      clearTimeout(gather);
      unsubscribe();
    };
  }, [client]);

  const reconnect = useCallback(() => restart.current(), []);
  const live = useMemo(() => ({ ...shown, reconnect }), [shown, reconnect]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** An event of Rekey's own stream; undefined for a text that was cut off. */
function parseJson(text: string): LiveEvent | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
