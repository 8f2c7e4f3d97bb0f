'use client';

import { type ReactNode, useState } from 'react';
import { useForgetPlace } from '#components/data/sites.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';

interface ForgetPlaceDialogProps {
  of: 'sites' | 'environments';
  id: string;
  name: string;
  /** What goes, and what stays. */
  children: ReactNode;
  onForgotten: () => void;
  onClose: () => void;
}

/** Asks for the typed name before a site or an environment is forgotten. */
export function ForgetPlaceDialog({ of, id, name, children, onForgotten, onClose }: ForgetPlaceDialogProps) {
  const forget = useForgetPlace(of, id);
  const [typed, setTyped] = useState('');
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={`Forget ${name}`}
      description={children}
      onSubmit={() => forget.mutate(undefined, { onSuccess: onForgotten })}
      action={`Forget ${name}`}
      danger
      busy={forget.isPending && 'Forgetting'}
      disabledReason={typed !== name && `Type ${name} first.`}
      problem={forget.error?.message}
      problemTitle="Nothing was forgotten."
    >
      <Field
        label={
          <>
            Type <code className="rounded-xs bg-hover px-1 font-semibold">{name}</code> to forget it
          </>
        }
      >
        <Input machine className="!text-sm max-sm:!text-md" value={typed} onChange={(event) => setTyped(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
