'use client';

import { FormDialog } from '#components/ui/form-dialog.tsx';
import type { CampaignWire } from '#lib/contract/campaign.ts';
import { counted } from './campaign-words.ts';
import { useCampaignAct } from './queries.ts';

/** Asks before a campaign ends: it cannot be continued. */
export function AbortDialog({ campaign, onClose }: { campaign: CampaignWire; onClose: () => void }) {
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
