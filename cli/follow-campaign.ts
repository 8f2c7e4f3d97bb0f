import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '#lib/contract/api-client.ts';
import { type CampaignWire, campaignDetails } from '#lib/contract/campaign.ts';
import { CommandFailure, EXIT } from './exit-codes.ts';
import { startProgress } from './progress.ts';

const POLL_MS = 1_000;

const STATES: Record<CampaignWire['state'], string> = { running: 'running', paused: 'paused', stopped: 'stopped', completed: 'completed', aborted: 'aborted' };

/** Where a campaign stands, in one sentence. */
export function describeCampaign({ name, state, wave, last_wave: last, stopped_because: why, progress, consumers_waiting: waiting }: CampaignWire): string {
  const { total, rotated, failed, skipped, running, in_doubt: inDoubt, waiting: left } = progress;
  const place = state === 'running' ? `, ${wave === 0 ? 'canary' : `wave ${wave} of ${last}`}` : why === 'canary_failed' ? ' at the canary' : '';
  const counts = [
    [running, 'in progress'],
    [failed, 'failed'],
    [inDoubt, 'in doubt'],
    [skipped, 'skipped'],
    [left, 'not started'],
  ] as const;
  const rest = counts.flatMap(([count, words]) => (count > 0 ? [`${count} ${words}`] : [])).join(', ');
  const consumers = waiting > 0 ? ` ${waiting} ${waiting === 1 ? 'consumer still holds' : 'consumers still hold'} an earlier password.` : '';
  return `${name}: ${STATES[state]}${place}, ${rotated} of ${total} rotated${rest ? `, ${rest}` : ''}.${consumers}`;
}

/** Waits until a campaign has ended, stopped or been paused, showing where it stands. Throws unless each login was rotated or skipped. */
export async function followCampaign(client: ApiClient, id: string): Promise<CampaignWire> {
  const progress = startProgress();
  try {
    for (;;) {
      const { campaign } = await client.get(`/campaigns/${encodeURIComponent(id)}`, campaignDetails);
      const { state, progress: counts } = campaign;
      if (state !== 'running') {
        if (state === 'completed' && counts.failed === 0) return campaign;
        throw new CommandFailure(counts.in_doubt > 0 ? EXIT.notKnown : EXIT.rotationFailed, describeCampaign(campaign));
      }
      progress.show(`${describeCampaign(campaign)} …`);
      await delay(POLL_MS);
    }
  } finally {
    progress.end();
  }
}
