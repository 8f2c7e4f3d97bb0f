'use client';

import { useDeletePolicy } from '#components/data/policies.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import type { PolicyWire } from '#lib/contract/policy.ts';

/** Asks once: from then on it rotates nothing. */
export function DeletePolicyDialog({ policy, onClose, onDeleted }: { policy: PolicyWire; onClose: () => void; onDeleted?: () => void }) {
  const remove = useDeletePolicy();
  const logins = policy.logins === 1 ? '1 login' : `${policy.logins} logins`;
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={`Delete ${policy.name}`}
      description={`It rotates nothing more. Its ${logins} go over to the policy of a tag rule or the organization’s default, if there is one. No password changes now.`}
      onSubmit={() => remove.mutate(policy.id, { onSuccess: onDeleted ?? onClose })}
      action="Delete policy"
      danger
      busy={remove.isPending && 'Deleting'}
      problem={remove.error?.message}
      problemTitle="Nothing was deleted."
    />
  );
}
