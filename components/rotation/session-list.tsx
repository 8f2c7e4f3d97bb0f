'use client';

import { useNow } from '#components/ui/now.tsx';
import { Span, Time } from '#components/ui/time.tsx';
import type { SessionListWire } from '#lib/http/wire/project.ts';

export type SessionGroup = SessionListWire['sessions'][number];
const DAY_MS = 86_400_000;

/** Open sessions, one row for each application and address. */
export function SessionList({ groups }: { groups: readonly SessionGroup[] }) {
  return (
    <ul className="list">
      {groups.map((group) => (
        <li key={`${group.application} ${group.address} ${group.since}`} className="flex items-baseline gap-3 px-4 py-2">
          <code className="min-w-0 flex-1 truncate">{group.application || 'no name'}</code>
          {group.is_own && <span className="shrink-0 text-xs text-ink-3">a check by Rekey, kept by the pooler</span>}
          <code className="min-w-0 truncate text-ink-3">{group.address}</code>
          <span className="num w-6 shrink-0 text-right font-medium">{group.count}</span>
          <span className="num w-20 shrink-0 text-right text-xs text-ink-3 [&_time]:font-sans">
            {group.since !== null && (
              <>
                since <Since at={group.since} />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The clock time within a day, then days. */
export function Since({ at }: { at: string }) {
  const now = useNow();
  const isOld = now !== null && now.getTime() - Date.parse(at) >= DAY_MS;
  return isOld ? <Span since={at} /> : <Time at={at} style="minute" />;
}
