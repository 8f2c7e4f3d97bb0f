'use client';

import { CircleCheck, LoaderCircle, Pause, Play, RotateCw, Waves } from 'lucide-react';
import { useState } from 'react';
import { REASON_LABELS } from '#components/proofs/reasons.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { NothingHere } from '#components/ui/empty.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProofLine } from '#components/ui/proof-line.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { State } from '#components/ui/state.tsx';
import { Time } from '#components/ui/time.tsx';
import { useMediaQuery } from '#components/ui/use-media-query.ts';
import { ApiProblem } from '#lib/contract/api-client.ts';
import type { CampaignDetailsWire, CampaignWire } from '#lib/contract/campaign.ts';
import { counted, headline, stageLabel, stageState, stateBadge, waveName } from './campaign-words.ts';
import { ConsumersCard } from './consumers-card.tsx';
import { FailuresCard } from './failures-card.tsx';
import { layOutMarks } from './marks.ts';
import { type Act, type CampaignAct, useCampaign, useCampaignAct } from './queries.ts';
import { ServersCard } from './servers-card.tsx';
import { StoppedFacts } from './stopped-facts.tsx';
import { useCampaignReason } from './use-campaign-reason.ts';

/** Asks before a campaign ends: it cannot be continued. */
function AbortDialog({ campaign, onClose }: { campaign: CampaignWire; onClose: () => void }) {
  const act = useCampaignAct(campaign.id);
  const { waiting, running } = campaign.progress;
  return (
    <FormDialog
      narrow
      danger
      title={`Abort ${campaign.name}`}
      description={`${counted(waiting, 'login')} ${waiting === 1 ? 'keeps its' : 'keep their'} current password. An aborted campaign cannot be continued.`}
      footNote={running > 0 ? `${counted(running, 'rotation')} in progress will end.` : undefined}
      action="Abort campaign"
      busy={act.isPending && 'Aborting'}
      problem={act.error?.message}
      problemTitle="The campaign was not aborted."
      onSubmit={() => act.mutate('abort', { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

/** One mark a login. `label` says the same to readers. */
function CampaignMarks({ letters, label, isSingle }: { letters: string; label: string /** As wide as one mark. */; isSingle?: boolean }) {
  const isWide = useMediaQuery('(width >= 80rem)');
  const isMiddle = useMediaQuery('(width >= 52rem)');
  const { width, height, paths } = layOutMarks(letters, isSingle ? 1 : isWide ? 136 : isMiddle ? 88 : 46);
  return (
    <svg className="marks" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}>
      {paths.map(({ shape, d }) => (
        <path key={shape} data-is={shape} d={d} />
      ))}
    </svg>
  );
}

/** How far a campaign is, what failed, and what is left to do. */
export function CampaignPage({ campaignId }: { campaignId: string }) {
  const query = useCampaign(campaignId);
  if (query.data) return <Shown details={query.data} />;
  if (query.error instanceof ApiProblem && query.error.status === 404)
    return <NothingHere title="There is no such campaign" text="It may belong to another organization." href="/campaigns" action="Campaigns" />;
  return (
    <Card>
      {query.isError ? (
        <ListProblem error={query.error} isAsking={query.isFetching} onRetry={() => void query.refetch()} />
      ) : (
        <RowsSkeleton label="Loading the campaign" />
      )}
    </Card>
  );
}

function Shown({ details }: { details: CampaignDetailsWire }) {
  const { campaign, stages, servers, consumers } = details;
  const act = useCampaignAct(campaign.id);
  const [isAborting, setAborting] = useState(false);
  const { tone, title, text } = headline(campaign);
  const isLive = campaign.state === 'running' || campaign.state === 'paused';
  return (
    <>
      <Head campaign={campaign} act={act} onAbort={() => setAborting(true)} />
      {act.isError && (
        <Notice className="mt-5" tone="danger" role="alert" title="The campaign was not changed.">
          {act.error.message}
        </Notice>
      )}
      <section className="card mt-5 overflow-hidden" aria-label="Progress">
        <ProofLine tone={tone} icon={tone === 'accent' ? Waves : undefined} title={title} className="!rounded-none !border-0 !border-b">
          {text}
        </ProofLine>
        {campaign.state === 'stopped' && <StoppedFacts campaign={campaign} act={act} />}
        <Counts campaign={campaign} />
        <ol className="list">
          {stages
            .filter(({ total }) => total > 0)
            .map((stage) => (
              <Stage key={stage.wave} stage={stage} campaign={campaign} />
            ))}
        </ol>
      </section>
      <div className="mt-4 grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <FailuresCard campaign={campaign} act={act} />
        <div className="grid grid-cols-1 gap-4">
          {isLive && <ServersCard campaign={campaign} servers={servers} />}
          <ConsumersCard count={campaign.consumers_waiting} consumers={consumers} />
        </div>
      </div>
      {isAborting && <AbortDialog campaign={campaign} onClose={() => setAborting(false)} />}
    </>
  );
}

const BADGE_ICONS = { running: LoaderCircle, paused: Pause, stopped: undefined, completed: CircleCheck, aborted: undefined } as const;

function Head({ campaign, act, onAbort }: { campaign: CampaignWire; act: Act; onAbort: () => void }) {
  const { name, state, started_by: by, created_at: at, reason, note, finished_at: end, id } = campaign;
  const badge = stateBadge(campaign);
  const disabledReason = useCampaignReason();
  const press = (what: CampaignAct) => () => act.mutate(what);
  const busy = (what: CampaignAct, words: string) => act.isPending && act.variables === what && words;
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 max-sm:basis-full">
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <h1 className="[overflow-wrap:anywhere]">{name}</h1>
          <Badge tone={badge.tone} icon={BADGE_ICONS[state]}>
            {badge.words}
          </Badge>
        </div>
        <p className="mt-0.5 text-ink-3 [overflow-wrap:anywhere]">
          Started by {by} at <Time at={at} />
          {end && (
            <>
              , ended at <Time at={end} />
            </>
          )}
          {reason && ` · ${REASON_LABELS[reason].toLowerCase()}`}
          {note && `: “${note}”`} · <code>{id}</code>
        </p>
      </div>
      <div className="flex gap-2 max-sm:w-full max-sm:*:flex-1">
        {state === 'running' && (
          <Button icon={Pause} disabledReason={disabledReason} busy={busy('pause', 'Pausing')} onClick={press('pause')}>
            Pause
          </Button>
        )}
        {state === 'paused' && (
          <Button kind="primary" icon={Play} disabledReason={disabledReason} busy={busy('resume', 'Resuming')} onClick={press('resume')}>
            Resume
          </Button>
        )}
        {state !== 'completed' && state !== 'aborted' && (
          <Button kind="danger-quiet" disabledReason={disabledReason} onClick={onAbort}>
            Abort campaign
          </Button>
        )}
        {state === 'completed' && campaign.progress.failed > 0 && (
          <Button icon={RotateCw} disabledReason={disabledReason} busy={busy('retry', 'Retrying')} onClick={press('retry')}>
            Retry {campaign.progress.failed} failed
          </Button>
        )}
      </div>
    </div>
  );
}

function Counts({ campaign: { progress } }: { campaign: CampaignWire }) {
  const counts = [
    { letter: 'r', n: progress.rotated, words: 'verified' },
    { letter: 'p', n: progress.running, words: 'in progress' },
    { letter: 'f', n: progress.failed, words: 'failed, old password kept' },
    { letter: 'd', n: progress.in_doubt, words: 'in doubt, both versions kept' },
    { letter: 's', n: progress.skipped, words: 'skipped' },
    { letter: 'w', n: progress.waiting, words: 'not started' },
  ];
  return (
    <div className="border-b border-line px-4 py-3">
      <ul className="flex flex-wrap gap-x-5 gap-y-1" aria-label="Logins by state">
        {counts
          .filter(({ n, letter }) => n > 0 || letter === 'r')
          .map(({ letter, n, words }) => (
            <li key={letter} className="flex items-center gap-1.5">
              <CampaignMark letter={letter} />
              <b className="num font-semibold">{n.toLocaleString('en-US')}</b> <span className="text-ink-2">{words}</span>
            </li>
          ))}
      </ul>
    </div>
  );
}

/** The mark of a legend, which readers hear as the words beside it. */
function CampaignMark({ letter }: { letter: string }) {
  return (
    <span aria-hidden="true">
      <CampaignMarks letters={letter} label="" isSingle />
    </span>
  );
}

function Stage({ stage, campaign }: { stage: CampaignDetailsWire['stages'][number]; campaign: CampaignWire }) {
  const { kind, words } = stageState(stage, campaign);
  return (
    <li className="px-4 py-3">
      <div className="mb-2 flex flex-wrap items-center gap-x-3">
        <b className="font-semibold">{waveName(stage.wave)}</b>
        <span className="num text-ink-3">{counted(stage.total, 'login')}</span>
        <span className="spacer" />
        <State kind={kind}>
          {words}
          {stage.ended_at && (
            <span className="font-normal text-ink-3">
              {' '}
              at <Time at={stage.ended_at} />
            </span>
          )}
        </State>
      </div>
      <CampaignMarks letters={stage.marks} label={stageLabel(stage)} />
    </li>
  );
}
