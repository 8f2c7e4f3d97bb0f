'use client';

import { useState } from 'react';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { showToast } from '#components/ui/toaster.tsx';
import { ApiProblem } from '#lib/contract/api-client.ts';
import type { ProjectSelection } from '#lib/contract/project-list.ts';
import { useChangeProjects } from './queries.ts';

interface TagDialogProps {
  selection: ProjectSelection;
  words: string;
  onClose: () => void;
  onDone: () => void;
}

/** Adds a tag to all selected projects. */
export function TagDialog({ selection, words, onClose, onDone }: TagDialogProps) {
  const change = useChangeProjects();
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const problem = change.error instanceof ApiProblem ? Object.values(change.error.errors).flat().join(' ') || change.error.message : change.error?.message;
  const isFilled = key.trim() !== '' && value.trim() !== '';
  const submit = () =>
    change.mutate(
      { ...selection, tags: { [key.trim()]: value.trim() } },
      {
        onSuccess: ({ changed }) => {
          showToast('ok', `Tagged ${changed} of ${words} with ${key.trim()}=${value.trim()}.`, 'Policies with a tag rule may now apply to them.');
          onDone();
        },
      },
    );
  return (
    <FormDialog
      narrow
      title={`Tag ${words}`}
      description="Projects keep their other tags. A tag with the same key is replaced."
      action="Add tag"
      busy={change.isPending && 'Adding the tag'}
      disabledReason={!isFilled && 'Enter a key and a value first.'}
      problem={problem}
      problemTitle="Nothing was changed."
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="grid grid-cols-2 gap-4">
        <Field label="Key" hint="Such as team.">
          <Input machine value={key} maxLength={40} onChange={({ target }) => setKey(target.value)} />
        </Field>
        <Field label="Value" hint="Such as shop.">
          <Input machine value={value} maxLength={80} onChange={({ target }) => setValue(target.value)} />
        </Field>
      </div>
    </FormDialog>
  );
}
