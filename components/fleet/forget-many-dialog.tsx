'use client';

import { useState } from 'react';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { showToast } from '#components/ui/toaster.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';
import { useForgetProjects } from './queries.ts';

/** Asks for the typed number, and says what stays. */
export function ForgetManyDialog({ projects, onClose, onDone }: { projects: ProjectWire[]; onClose: () => void; onDone: () => void }) {
  const forget = useForgetProjects();
  const [typed, setTyped] = useState('');
  const phrase = `forget ${projects.length}`;
  const failed = forget.data?.failed ?? [];
  const submit = () =>
    forget.mutate(projects, {
      onSuccess: ({ done, failed: kept }) => {
        if (kept.length > 0) return;
        showToast('ok', `Rekey has forgotten ${done} ${done === 1 ? 'project' : 'projects'}.`, 'The databases stay as they are.');
        onDone();
      },
    });
  return (
    <FormDialog
      narrow
      danger
      title={`Forget ${projects.length} ${projects.length === 1 ? 'project' : 'projects'}`}
      description="Databases, roles, passwords and open sessions stay as they are. Rekey deletes only its own copies."
      action={`Forget ${projects.length}`}
      busy={forget.isPending && 'Forgetting'}
      disabledReason={typed.trim() !== phrase && `Type ${phrase} first.`}
      problem={failed.length > 0 ? failed.map(({ name, message }) => `${name}: ${message}`).join(' ') : forget.error?.message}
      problemTitle={failed.length > 0 ? `${forget.data?.done ?? 0} forgotten, ${failed.length} not.` : 'Nothing was forgotten.'}
      onSubmit={submit}
      onClose={forget.data ? onDone : onClose}
    >
      <ul className="max-h-40 overflow-y-auto text-ink-2">
        {projects.map(({ id, name, role_name: role, public_host: host }) => (
          <li key={id} className="truncate">
            {name} <span className="mono text-xs text-ink-3">{`${role} @ ${host}`}</span>
          </li>
        ))}
      </ul>
      <Notice title="Are the URLs still needed?">Rekey cannot show them afterwards. Copy what is not stored anywhere else first.</Notice>
      <Field
        label={
          <>
            Type <code className="rounded-xs bg-hover px-1 font-semibold">{phrase}</code> to forget them
          </>
        }
      >
        <Input machine className="!text-sm max-sm:!text-md" value={typed} onChange={({ target }) => setTyped(target.value)} />
      </Field>
    </FormDialog>
  );
}
