import { Card } from '#components/ui/card.tsx';
import type { CampaignDetailsWire, CampaignWire } from '#lib/contract/campaign.ts';

/** Slots that are drawn; the number beside them says the rest. */
const MOST_SLOTS = 12;

/** How many rotations are in progress on each server, and how many wait for it. */
export function ServersCard({ campaign, servers }: { campaign: CampaignWire; servers: CampaignDetailsWire['servers'] }) {
  const { at_once: atOnce, at_once_per_server: perServer, progress } = campaign;
  const running = progress.running + progress.in_doubt;
  return (
    <Card title="In progress per server" actions={<span className="num pr-2 text-xs text-ink-3">{`${running} of ${atOnce} in total`}</span>}>
      {servers.length === 0 && <p className="px-4 py-3 text-ink-2">No login is left.</p>}
      <ul className="list">
        {servers.map(({ server_id: id, host, running: used, waiting }) => (
          <li key={id} className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2">
            <span className="mono truncate">{host || id}</span>
            <span className="flex items-center gap-2">
              <span className="flex gap-0.5" aria-hidden="true">
                {Array.from({ length: Math.min(perServer, MOST_SLOTS) }, (_, slot) => (
                  <span
                    // biome-ignore lint/suspicious/noArrayIndexKey: the slots are all alike
                    key={slot}
                    className={`h-3 w-1.5 rounded-xs ${slot < used ? 'bg-accent' : 'bg-hover ring-1 ring-line-strong ring-inset'}`}
                  />
                ))}
              </span>
              <span className="num w-14 text-right whitespace-nowrap">
                {used} of {perServer}
              </span>
            </span>
            <span className="col-span-2 text-xs text-ink-3">{waiting === 0 ? 'none is waiting' : `${waiting.toLocaleString('en-US')} not started`}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
