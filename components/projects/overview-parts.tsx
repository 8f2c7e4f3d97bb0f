'use client';

import Link from 'next/link';
import { CheckNow } from '#components/connections/check-now.tsx';
import { provenAt } from '#components/data/standing.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button, ButtonLink } from '#components/ui/button.tsx';
import { Age, Time } from '#components/ui/time.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';
import type { OverviewGroup, OverviewRow } from './overview-groups.ts';

/** The environment, outlined for production. */
export function EnvironmentBadge({ environment }: { environment: ProjectWire['environment'] }) {
  return environment === 'production' ? <Badge tone="line">Production</Badge> : <Badge>Non-production</Badge>;
}

/** The sentence under a state: what is known, or when it was proven. */
export function StandingText({ row }: { row: OverviewRow }) {
  const proven = provenAt(row.project);
  if (row.standing.text !== null) return row.standing.text;
  return proven ? (
    <>
      Proven <Time at={proven} style="day" />
    </>
  ) : null;
}

/** The age of the password, which is unknown before the first rotation. */
export function PasswordAge({ project }: { project: ProjectWire }) {
  return project.rotated_at ? <Age since={project.rotated_at} /> : <span className="text-ink-3">not known</span>;
}

/** How many of those who hold the URL have it as it is now. */
export function InSync({ project: { consumers } }: { project: ProjectWire }) {
  if (consumers.total === 0) return <span className="text-ink-3">–</span>;
  const isBehind = consumers.up_to_date < consumers.total;
  return (
    <span className={isBehind ? 'font-medium text-warn-ink' : undefined}>
      {consumers.up_to_date} of {consumers.total}
    </span>
  );
}

/** How many sessions live on with the old password, as counted when it was changed; it leads to that rotation, which can look again. */
export function OldSessions({ project: { id, name, old_sessions: old } }: { project: ProjectWire }) {
  if (!old) return <span className="text-ink-3">–</span>;
  if (old.count === 0) return <span className="text-ink-3">0</span>;
  return (
    <Tooltip
      text={
        <>
          Counted at <Time at={old.counted_at} style="day" plain />. Sessions that have ended since then are included.
        </>
      }
    >
      <Link
        href={`/projects/${id}/activity/${old.job_id}`}
        className="font-medium text-warn-ink hover:underline"
        aria-label={`${old.count} old ${old.count === 1 ? 'session' : 'sessions'} of ${name}`}
      >
        {old.count}
      </Link>
    </Tooltip>
  );
}

/** Where a check of the login is worth a try: what is known of the password is doubted, or an attempt failed. */
const DOUBTED: ReadonlySet<OverviewRow['standing']['next']> = new Set(['see_why', 'see_failure', 'check']);

/** The next act, quiet where nothing needs a person, and a check at once where the password is doubted. Off while the page is stale. */
export function NextAct({ row }: { row: OverviewRow }) {
  return (
    <span className="flex flex-wrap items-center gap-1.5 md:justify-end">
      {DOUBTED.has(row.standing.next) && <CheckNow project={row.project} named />}
      {row.standing.next !== 'check' && <ActLink row={row} />}
    </span>
  );
}

function ActLink({ row }: { row: OverviewRow }) {
  const staleReason = useStaleReason();
  const { label, href } = row.standing.act;
  if (staleReason) {
    return (
      <Button size="small" disabledReason={staleReason}>
        {label}
      </Button>
    );
  }
  return (
    <ButtonLink size="small" kind={row.standing.group === 'needs' ? 'default' : 'quiet'} href={href} aria-label={`${label}: ${row.project.name}`}>
      {label}
    </ButtonLink>
  );
}

/** Loads the next rows of a group. */
export function ShowMore({ group: { title, total, rows, more } }: { group: OverviewGroup }) {
  return (
    <>
      <Button size="small" busy={more.isFetchingNextPage && 'Loading'} onClick={() => void more.fetchNextPage()} aria-label={`Show more: ${title}`}>
        Show more
      </Button>
      <span className="num ml-3 text-xs text-ink-3">
        {rows.length} of {total}
      </span>
      {more.isFetchNextPageError && (
        <p className="mt-1 text-xs text-danger-ink" role="alert">
          Could not load more. Try again.
        </p>
      )}
    </>
  );
}
