'use client';

import { useDisableSecondFactor } from '#components/data/account.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';

/** Asks once before the password alone is enough again. */
export function DisableDialog({ onClose }: { onClose: () => void }) {
  const disable = useDisableSecondFactor();
  return (
    <FormDialog
      narrow
      danger
      title="Turn off the second factor"
      description="Your password alone then signs you in. The secret in your app and all recovery codes stop working."
      action="Turn off"
      busy={disable.isPending && 'Turning it off'}
      problem={disable.error?.message}
      problemTitle="The second factor is still on."
      onSubmit={() => disable.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
