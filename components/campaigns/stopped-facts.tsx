import { Play, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/ui/button.tsx';
import type { CampaignWire } from '#lib/contract/campaign.ts';
import { counted } from './campaign-words.ts';
import type { Act } from './queries.ts';
import { useCampaignReason } from './use-campaign-reason.ts';

/** What happened, what changed, and what to do, where a campaign stopped itself. */
export function StoppedFacts({ campaign, act }: { campaign: CampaignWire; act: Act }) {
  const { progress, stopped_because: why, stop_failures: failures, stop_share: share } = campaign;
  const { rotated, failed, in_doubt: inDoubt, waiting, running } = progress;
  const disabledReason = useCampaignReason();
  const limit = failures !== null && share !== null ? `${failures} or ${share} %` : failures !== null ? `${failures}` : `${share} %`;
  const busy = (what: string, words: string) => act.isPending && act.variables === what && words;
  return (
    <>
      <div className="grid grid-cols-1 border-b border-line max-md:divide-y max-md:divide-line md:grid-cols-3 md:divide-x md:divide-line">
        <Fact title="What happened">
          <b className="font-semibold">{counted(failed + inDoubt, 'rotation')} did not complete.</b>{' '}
          {why === 'canary_failed' ? 'A canary stops at its first failure.' : `The limit is ${limit}.`}
        </Fact>
        <Fact title="What changed">
          {counted(rotated, 'login')} {rotated === 1 ? 'has' : 'have'} a new, verified password. {counted(waiting, 'login')} {waiting === 1 ? 'was' : 'were'}{' '}
          not touched.
          {running > 0 && ` ${counted(running, 'rotation')} in progress will end.`}
        </Fact>
        <Fact title="What to do">
          {failed > 0 ? 'Fix what the failures below name, then retry them.' : 'Open the rotation that is in doubt.'} Resuming accepts the failures so far and
          continues with the other logins.
        </Fact>
      </div>
      <div className="flex flex-wrap items-center gap-2 border-b border-line bg-sunken px-4 py-3">
        <p className="min-w-0 flex-1 basis-60 text-xs text-ink-3 max-sm:basis-full">
          {why === 'canary_failed'
            ? 'A retry runs the failed canary logins first and continues only if they pass.'
            : 'A retry runs the failed logins before the next ones.'}
        </p>
        <Button icon={Play} disabledReason={disabledReason} busy={busy('resume', 'Resuming')} onClick={() => act.mutate('resume')}>
          Resume anyway
        </Button>
        {failed > 0 && (
          <Button kind="primary" icon={RotateCw} disabledReason={disabledReason} busy={busy('retry', 'Retrying')} onClick={() => act.mutate('retry')}>
            Retry {failed} failed
          </Button>
        )}
      </div>
    </>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="px-4 py-3">
      <h2 className="text-xs font-normal text-ink-3">{title}</h2>
      <p className="mt-1">{children}</p>
    </div>
  );
}
