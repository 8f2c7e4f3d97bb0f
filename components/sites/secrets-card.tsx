'use client';

import { Plus, Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { type SecretPlace, useDeleteSecret, useSecrets } from '#components/data/sites.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import type { SecretWire } from '#lib/contract/vector/secret.ts';
import type { SiteWire } from '#lib/contract/vector/site.ts';

interface DeleteSecretDialogProps {
  secret: SecretWire;
  place: SecretPlace;
  onClose: () => void;
}

/** Asks before a secret goes: its value cannot be had back. */
function DeleteSecretDialog({ secret, place, onClose }: DeleteSecretDialogProps) {
  const remove = useDeleteSecret();
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={`Delete ${secret.key}`}
      description={`${place.id === null ? 'All sites go' : `${place.name} goes`} without it from the next deployment on. Running deployments keep it until then. Its value cannot be restored.`}
      onSubmit={() => remove.mutate({ environmentId: place.id, id: secret.id }, { onSuccess: onClose })}
      action="Delete the secret"
      danger
      busy={remove.isPending && 'Deleting'}
      problem={remove.error?.message}
      problemTitle="Nothing was deleted."
    />
  );
}

// Loaded when it is opened first.
const SecretFormDialog = dynamic(() => import('./secret-form-dialog.tsx').then((module) => module.SecretFormDialog));

/** The keys of what deployments are given; values never leave. */
export function SecretsCard({ site }: { site: SiteWire }) {
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  const reason = roleReason || staleReason;
  const places: SecretPlace[] = [...site.environments.map(({ id, name }) => ({ id, name })), { id: null, name: 'All sites' }];
  const lists = useSecrets(places.map(({ id }) => id));
  const [isAdding, setIsAdding] = useState(false);
  const [deleting, setDeleting] = useState<{ secret: SecretWire; place: SecretPlace } | null>(null);
  const failed = lists.find(({ data, isError }) => isError && !data);
  const rows = places.flatMap((place, index) => (lists[index]?.data ?? []).map((secret) => ({ secret, place })));
  return (
    <Card
      className="mt-4"
      title="Secrets"
      aside="keys only: a value goes to deployments and is never shown"
      actions={
        <Button size="small" icon={Plus} disabledReason={reason} onClick={() => setIsAdding(true)}>
          Add a secret
        </Button>
      }
    >
      {failed?.error ? (
        <ListProblem error={failed.error} isAsking={failed.isFetching} onRetry={() => void failed.refetch()} />
      ) : lists.some(({ data }) => !data) ? (
        <RowsSkeleton label="Loading the secrets" />
      ) : rows.length === 0 ? (
        <p className="px-4 py-3 text-ink-3">None yet. An environment’s own secret overrides one of the same key for all sites.</p>
      ) : (
        <ul className="list">
          {rows.map(({ secret, place }) => (
            <li key={secret.id} className="flex items-center gap-3 px-4 py-1.5">
              <code className="min-w-0 flex-1 [overflow-wrap:anywhere]">{secret.key}</code>
              <span className="text-xs text-ink-3">{place.name}</span>
              <IconButton
                label={reason || `Delete ${secret.key} of ${place.name}`}
                icon={Trash2}
                disabled={Boolean(reason)}
                onClick={() => setDeleting({ secret, place })}
              />
            </li>
          ))}
        </ul>
      )}
      {isAdding && <SecretFormDialog places={places} onClose={() => setIsAdding(false)} />}
      {deleting && <DeleteSecretDialog {...deleting} onClose={() => setDeleting(null)} />}
    </Card>
  );
}
