'use client';

import { useState } from 'react';
import { usePolicies } from '#components/data/policies.ts';
import { ruleWords } from '#components/policies/policy-words.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Select } from '#components/ui/input.tsx';
import { showToast } from '#components/ui/toaster.tsx';
import type { ProjectSelection } from '#lib/contract/project-list.ts';
import { useChangeProjects } from './queries.ts';

interface BulkDialogProps {
  selection: ProjectSelection;
  /** What is selected: "3 projects". */
  words: string;
  onClose: () => void;
  /** It was done: the selection ends. */
  onDone: () => void;
}

/** Sets the policy of all selected projects. */
export function AssignPolicyDialog({ selection, words, onClose, onDone }: BulkDialogProps) {
  const policies = usePolicies();
  const change = useChangeProjects();
  const [chosen, setChosen] = useState<string | null>(null);
  const list = policies.data?.policies ?? [];
  const policyId = chosen ?? list[0]?.id ?? '';
  const rule = list.find(({ id }) => id === policyId);
  const submit = () =>
    change.mutate(
      { ...selection, policy_id: policyId === '' ? null : policyId },
      {
        onSuccess: ({ changed }) => {
          showToast('ok', `Policy set on ${changed} of ${words}.`, 'Nothing rotates now.');
          onDone();
        },
      },
    );
  return (
    <FormDialog
      narrow
      title={`Assign a policy to ${words}`}
      description="It replaces the policies set on these projects. Nothing rotates now; Rekey only plans their next runs."
      action="Assign policy"
      busy={change.isPending && 'Assigning'}
      disabledReason={!policies.data && 'Loading the policies.'}
      problem={change.error?.message}
      problemTitle="Nothing was changed."
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Policy" hint={rule ? `${ruleWords(rule)}.` : 'Tag rules and the organization’s default decide.'}>
        <Select value={policyId} onChange={({ target }) => setChosen(target.value)}>
          {list.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          <option value="">None set on the projects</option>
        </Select>
      </Field>
    </FormDialog>
  );
}
