'use client';

import { Pause, Play } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { usePolicies, useUpdatePolicy } from '#components/data/policies.ts';
import { useChangeReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { NothingHere } from '#components/ui/empty.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { DeletePolicyDialog } from './delete-policy-dialog.tsx';
import { PolicyForm } from './policy-form.tsx';
import { ruleWords } from './policy-words.ts';

/** One policy, to be changed, paused or deleted. */
export function PolicyPage({ policyId }: { policyId: string }) {
  const router = useRouter();
  const list = usePolicies();
  const update = useUpdatePolicy();
  const reason = useChangeReason();
  const [isDeleting, setDeleting] = useState(false);
  const policy = list.data?.policies.find(({ id }) => id === policyId);
  if (list.data && !policy) return <NothingHere title="There is no such policy" text="It may have been deleted." href="/policies" action="Policies" />;
  if (!policy)
    return (
      <Card>
        {list.isError ? (
          <ListProblem error={list.error} isAsking={list.isFetching} onRetry={() => void list.refetch()} />
        ) : (
          <RowsSkeleton label="Loading the policy" />
        )}
      </Card>
    );
  const isPaused = policy.paused_at !== null;
  return (
    <>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 max-sm:basis-full">
          <h1 className="[overflow-wrap:anywhere]">{policy.name}</h1>
          <p className="mt-0.5 text-base text-ink-2">{ruleWords(policy)}</p>
        </div>
        <div className="flex gap-2 max-sm:w-full max-sm:*:flex-1">
          <Button
            icon={isPaused ? Play : Pause}
            disabledReason={reason}
            busy={update.isPending && (isPaused ? 'Resuming' : 'Pausing')}
            onClick={() => update.mutate({ id: policy.id, paused: !isPaused })}
          >
            {isPaused ? 'Resume' : 'Pause'}
          </Button>
          <Button kind="danger-quiet" disabledReason={reason} onClick={() => setDeleting(true)}>
            Delete policy
          </Button>
        </div>
      </div>
      {isPaused && (
        <Notice className="mt-5" tone="warn" icon={Pause} title={`Paused by ${policy.paused_by}.`}>
          Nothing rotates by this policy until it is resumed.
        </Notice>
      )}
      {update.isError && (
        <Notice className="mt-5" tone="danger" role="alert" title="Nothing was changed.">
          {update.error.message}
        </Notice>
      )}
      <PolicyForm key={policy.id} policy={policy} />
      {isDeleting && <DeletePolicyDialog policy={policy} onClose={() => setDeleting(false)} onDeleted={() => router.push('/policies')} />}
    </>
  );
}
