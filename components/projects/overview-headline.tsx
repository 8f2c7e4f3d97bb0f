'use client';

import { useLive } from '#components/session/live.tsx';
import { Time } from '#components/ui/time.tsx';
import type { ProjectSummaryWire } from '#lib/contract/project-summary.ts';

/** How many need a person, and under it what is known of the passwords. */
export function OverviewHeadline({ summary: { total, needs_attention: count, unknown, proven } }: { summary: ProjectSummaryWire }) {
  const { state, asOf } = useLive();
  const isStale = state === 'stale';
  const verb = isStale ? 'needed' : count === 1 ? 'needs' : 'need';
  return (
    <div className="min-w-0 flex-1 max-sm:basis-full">
      <h1 className="text-balance">
        {count === 0 ? `Nothing ${isStale ? 'needed' : 'needs'} a person` : `${count} of ${total} ${total === 1 ? 'project' : 'projects'} ${verb} a person`}
      </h1>
      <p className="mt-0.5 text-base text-ink-2">
        {isStale && asOf ? (
          <>
            As of <Time at={asOf} plain />. The page reloads it every 5 s.
          </>
        ) : (
          sentence(unknown, proven, total)
        )}
      </p>
    </div>
  );
}

function sentence(unknown: number, proven: number, total: number): string {
  if (unknown === 1) return 'For one login it is not known which password works. Every version that may work is kept.';
  if (unknown > 1) return `For ${unknown} logins it is not known which password works. Every version that may work is kept.`;
  if (proven < total) return proven === 0 ? 'No password is proven right now.' : `${proven} of ${total} ${proven === 1 ? 'has' : 'have'} one proven password.`;
  return total === 1 ? 'Its password is proven by a login.' : 'Each password is proven by a login.';
}
