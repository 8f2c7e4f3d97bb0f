'use client';

import { Button } from '#components/ui/button.tsx';
import { Span, Time, useNow } from '#components/ui/time.tsx';
import type { SessionListWire } from '#lib/contract/project.ts';

export type SessionGroup = SessionListWire['sessions'][number];
const DAY_MS = 86_400_000;

/** What holds the sessions; MySQL and MariaDB do not tell. */
export const sessionName = ({ application }: SessionGroup): string => application || 'no name';

/** How many sessions the rows stand for. */
export const totalOf = (groups: readonly SessionGroup[]): number => groups.reduce((sum, { count }) => sum + count, 0);

interface SessionListProps {
  groups: readonly SessionGroup[];
  /** Offers to end the sessions of a row. */
  onEnd?: (group: SessionGroup) => void;
  /** Why they cannot be ended, or false. */
  endReason?: string | false;
}

/** Open sessions, one row for each application and address. */
export function SessionList({ groups, onEnd, endReason }: SessionListProps) {
  return (
    <ul className="list">
      {groups.map((group) => (
        <li key={`${group.application} ${group.address} ${group.since}`} className={`flex items-baseline gap-3 px-4 ${onEnd ? 'py-1 pr-2' : 'py-2'}`}>
          <span className="min-w-0 flex-1">
            <code className="block truncate">{sessionName(group)}</code>
            {group.is_own && <span className="block text-xs text-ink-3">a check by Rekey, kept by the pooler</span>}
          </span>
          <code className="min-w-0 truncate text-ink-3">{group.address}</code>
          <span className="num w-6 shrink-0 text-right font-medium">{group.count}</span>
          <span className="num w-20 shrink-0 text-right text-xs text-ink-3 [&_time]:font-sans">
            {group.since !== null && (
              <>
                since <Since at={group.since} />
              </>
            )}
          </span>
          {onEnd && (
            <Button size="small" kind="quiet" disabledReason={endReason} onClick={() => onEnd(group)}>
              End
              <span className="sr-only">
                {' '}
                the sessions of {sessionName(group)} from {group.address}
              </span>
            </Button>
          )}
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
