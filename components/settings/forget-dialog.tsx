'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useForgetProject } from '#components/data/projects.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { showToast } from '#components/ui/toaster.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';

/** Asks for the typed name, and says what stays. */
export function ForgetDialog({ project, onClose }: { project: ProjectWire; onClose: () => void }) {
  const router = useRouter();
  const forget = useForgetProject(project.id);
  const [typed, setTyped] = useState('');
  const isConfirmed = typed === project.name;
  const { version } = project.credential;
  const submit = () => {
    forget.mutate(undefined, {
      onSuccess: () => {
        showToast('ok', `Rekey has forgotten ${project.name}.`, 'The database stays as it is.');
        router.push('/');
      },
    });
  };
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={`Forget ${project.name}`}
      description={
        <>
          The database <code>{project.database_name}</code> on <code>{project.public_host}</code> stays, and so do the role <code>{project.role_name}</code>,
          its password v{version} and all its open sessions. Only Rekey loses its copy.
        </>
      }
      onSubmit={submit}
      action={`Forget ${project.name}`}
      danger
      busy={forget.isPending && 'Forgetting'}
      disabledReason={!isConfirmed && `Type ${project.name} first.`}
      problem={forget.error?.message}
      problemTitle="Nothing was forgotten."
    >
      <Notice title="Is the URL still needed?">
        If the password is not stored anywhere else, copy the URL under Connections first. Rekey cannot show it afterwards.
      </Notice>
      <Field
        label={
          <>
            Type <code className="rounded-xs bg-hover px-1 font-semibold">{project.name}</code> to forget it
          </>
        }
      >
        <Input machine className="!text-sm max-sm:!text-md" value={typed} onChange={(event) => setTyped(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
