'use client';

import { Lock, Waves } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { REASON_LABELS } from '#components/proofs/reasons.ts';
import { useOrganizationReason } from '#components/session/use-role-reason.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button, ButtonLink } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { setStyle } from '#components/ui/set-style.ts';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { State, type StateKind } from '#components/ui/state.tsx';
import { Time } from '#components/ui/time.tsx';
import type { CampaignWire } from '#lib/contract/campaign.ts';
import { counted, stateBadge, waveName } from './campaign-words.ts';
import { type Shown, useCampaigns } from './queries.ts';

const SHOWN: { value: Shown; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'active', label: 'Active' },
  { value: 'ended', label: 'Ended' },
];

/** The campaigns, newest first. */
export function CampaignsPage() {
  const roleReason = useOrganizationReason('viewer');
  const [shown, setShown] = useState<Shown>('all');
  const campaigns = useCampaigns(shown, !roleReason);
  const head = (
    <>
      <h1>Campaigns</h1>
      <p className="mt-0.5 text-base text-ink-2">A campaign rotates many logins: a canary first, then waves. Each rotation is an ordinary one.</p>
    </>
  );
  if (roleReason)
    return (
      <>
        <h1>Campaigns</h1>
        <Card className="mt-5">
          <Empty icon={Lock} title="Campaigns are the organization’s" text={roleReason} />
        </Card>
      </>
    );
  if (campaigns.data?.length === 0 && shown === 'all')
    return (
      <>
        <h1>Campaigns</h1>
        <Card className="mt-5">
          <Empty
            icon={Waves}
            title="No campaign yet"
            text="A campaign rotates many logins: a canary first, then waves, and it stops when rotations fail. Select projects on the overview, then choose Rotate."
            foot="Nothing rotates until you confirm it."
          >
            <ButtonLink kind="primary" href="/" className="mt-3">
              Select projects
            </ButtonLink>
          </Empty>
        </Card>
      </>
    );
  return (
    <>
      {head}
      <Segmented label="Show" className="mt-5 mb-3" value={shown} onChange={setShown} options={SHOWN} />
      <Card>
        {campaigns.data ? (
          campaigns.data.length === 0 ? (
            <p className="p-6 text-center text-ink-2">No campaign is {shown === 'active' ? 'active' : 'ended'}.</p>
          ) : (
            <ul className="list">
              {campaigns.data.map((campaign) => (
                <Row key={campaign.id} campaign={campaign} />
              ))}
            </ul>
          )
        ) : campaigns.isError ? (
          <ListProblem error={campaigns.error} isAsking={campaigns.isFetching} onRetry={() => void campaigns.refetch()} />
        ) : (
          <RowsSkeleton label="Loading the campaigns" />
        )}
      </Card>
      {campaigns.hasNextPage && (
        <p className="mt-3 text-center">
          <Button size="small" busy={campaigns.isFetchingNextPage && 'Loading'} onClick={() => void campaigns.fetchNextPage()}>
            Show more
          </Button>
        </p>
      )}
    </>
  );
}

const KINDS: Record<CampaignWire['state'], StateKind> = { running: 'running', paused: 'off', stopped: 'failed', completed: 'ok', aborted: 'not-readable' };
const ACTS: Record<CampaignWire['state'], string> = { running: 'Watch', paused: 'Open', stopped: 'See why', completed: 'Open', aborted: 'Open' };

function Row({ campaign }: { campaign: CampaignWire }) {
  const { id, name, reason, started_by: by, created_at: at, progress, state, consumers_waiting: consumers, wave, last_wave: last } = campaign;
  const needsTick = state === 'completed' && consumers > 0;
  const where = state === 'running' ? (wave === 0 ? 'Canary' : `${waveName(wave)} of ${last}`) : stateBadge(campaign).words;
  return (
    <li className="grid grid-cols-1 items-center gap-x-4 gap-y-2 px-4 py-3 md:grid-cols-[minmax(0,1fr)_12rem_minmax(0,15rem)_5.5rem]">
      <div className="min-w-0">
        <Link href={`/campaigns/${id}`} className="font-medium [overflow-wrap:anywhere]">
          {name}
        </Link>{' '}
        {reason && <Badge tone="line">{REASON_LABELS[reason]}</Badge>}
        <p className="truncate text-xs text-ink-3">
          {by}, <Time at={at} style="day" />
        </p>
      </div>
      <Bar progress={progress} />
      <div className="min-w-0">
        <State kind={needsTick ? 'to-do' : KINDS[state]}>{needsTick ? `${counted(consumers, 'consumer')} left` : where}</State>
        <p className="text-xs text-ink-2">{countsOf(progress)}</p>
      </div>
      <div className="md:text-right">
        <ButtonLink size="small" href={`/campaigns/${id}`} aria-label={`${ACTS[state]}: ${name}`}>
          {ACTS[state]}
        </ButtonLink>
      </div>
    </li>
  );
}

function Bar({ progress: { total, rotated, failed, in_doubt: inDoubt } }: Pick<CampaignWire, 'progress'>) {
  const share = (n: number) => setStyle({ width: `${(100 * n) / total}%` });
  return (
    <div>
      <p className="num text-xs">
        {rotated.toLocaleString('en-US')} of {total.toLocaleString('en-US')}
      </p>
      <div className="mt-1 flex h-1.5 overflow-hidden rounded-xs bg-hover" aria-hidden="true">
        <span key={`ok ${rotated}`} className="bg-ok" ref={share(rotated)} />
        <span key={`bad ${failed + inDoubt}`} className="bg-danger" ref={share(failed + inDoubt)} />
      </div>
    </div>
  );
}

function countsOf({ rotated, failed, running, waiting, in_doubt: inDoubt, skipped }: CampaignWire['progress']): string {
  const parts: [number, string][] = [
    [rotated, 'verified'],
    [running, 'in progress'],
    [failed, 'failed'],
    [inDoubt, 'in doubt'],
    [skipped, 'skipped'],
    [waiting, 'not started'],
  ];
  return parts.flatMap(([n, words]) => (n > 0 ? [`${n.toLocaleString('en-US')} ${words}`] : [])).join(', ');
}
