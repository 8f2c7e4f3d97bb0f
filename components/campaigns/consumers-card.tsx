import { RefreshCw, UserRound } from 'lucide-react';
import Link from 'next/link';
import { Card } from '#components/ui/card.tsx';
import { Icon } from '#components/ui/icon.tsx';
import type { CampaignDetailsWire } from '#lib/contract/campaign.ts';

/** Consumers that still hold an earlier password, and where that is fixed. */
export function ConsumersCard({ count, consumers }: { count: number; consumers: CampaignDetailsWire['consumers'] }) {
  return (
    <Card
      title="Consumers to update"
      actions={<span className="num pr-2 text-xs text-ink-3">{count.toLocaleString('en-US')} left</span>}
      foot={count > consumers.length ? `The first ${consumers.length} of ${count.toLocaleString('en-US')}.` : undefined}
    >
      {count === 0 && <p className="px-4 py-3 text-ink-2">No consumer of a rotated login holds an earlier password.</p>}
      <ul className="list">
        {consumers.map(({ project_id: projectId, project_name: project, name, owner, is_manual: isManual, job_id: jobId }) => (
          <li key={`${projectId} ${name}`} className="flex items-center gap-3 px-4 py-2">
            <Icon as={isManual ? UserRound : RefreshCw} className="text-ink-3" />
            <span className="min-w-0 flex-1">
              <Link href={`/projects/${projectId}/activity/${jobId}`} className="block truncate font-medium">
                {project}
              </Link>
              <span className="block truncate text-xs text-ink-3">
                {name}
                {isManual ? `, ${owner ?? 'no owner named'}` : ', updated automatically'}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
