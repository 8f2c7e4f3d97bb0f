'use client';

import { Clock, Plus } from 'lucide-react';
import { useState } from 'react';
import { useStaleReason } from '#components/shell/live.tsx';
import { useRoleReason } from '#components/shell/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import type { ConsumerWire } from '#lib/http/wire/consumer.ts';
import { ConsumerDialog } from './consumer-dialog.tsx';
import { ConsumerRow } from './consumer-row.tsx';
import { useConsumers } from './queries.ts';

/** Who holds this URL. */
export function ConsumersCard({ projectId }: { projectId: string }) {
  const consumers = useConsumers(projectId);
  const [open, setOpen] = useState<ConsumerWire | 'new' | null>(null);
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  const reason = roleReason || staleReason;
  const add = () => setOpen('new');
  const count = consumers.data?.length ?? 0;
  return (
    <>
      <Card
        title="Consumers"
        aside={count > 0 && <span className="num">{count}, who hold this URL</span>}
        actions={
          count > 0 && (
            <Button kind="quiet" size="small" icon={Plus} disabledReason={reason} onClick={add}>
              Add
            </Button>
          )
        }
      >
        {consumers.isPending && <Waiting />}
        {consumers.isError && (
          <p className="px-4 py-3" role="status">
            {consumers.error.message}
          </p>
        )}
        {consumers.isSuccess && count === 0 && (
          <>
            <div className="px-4 py-4">
              <p className="font-semibold text-base">Who holds this URL?</p>
              <p className="mt-0.5 text-ink-2">Name them now, and the next rotation gives you a list of whom to tell.</p>
            </div>
            <div className="flex items-center gap-3 border-t border-line py-1.5 pr-2 pl-4">
              <Icon as={Clock} className="text-ink-3" />
              <span className="flex-1 font-medium">A cron job, a laptop, a vault</span>
              <Button size="small" disabledReason={reason} onClick={add}>
                Write down
              </Button>
            </div>
          </>
        )}
        {count > 0 && (
          <>
            <h3 className="px-4 pt-3 text-xs font-medium text-ink-3">Told by a person</h3>
            <ul className="list">
              {consumers.data?.map((consumer) => (
                <ConsumerRow key={consumer.id} consumer={consumer} onChange={() => setOpen(consumer)} />
              ))}
            </ul>
          </>
        )}
      </Card>
      {open !== null && <ConsumerDialog projectId={projectId} consumer={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </>
  );
}

const Waiting = () => (
  <Loading label="Loading the consumers" className="px-4 py-2">
    {['52%', '44%', '60%'].map((width) => (
      <div key={width} className="flex h-11 items-center justify-between gap-6">
        <SkeletonBar width={width} />
        <SkeletonBar width="4rem" />
      </div>
    ))}
  </Loading>
);
