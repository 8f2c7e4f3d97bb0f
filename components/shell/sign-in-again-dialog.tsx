'use client';

import { useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useMe } from '#components/session/me.tsx';
import { OwnPasswordField } from '#components/session/own-password-fields.tsx';
import { trySignIn } from '#components/sign-in/sign-in-form.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';

/** Asks for the password over the page. */
export function SignInAgainDialog({ onSignedIn, onLeave }: { onSignedIn: () => void; onLeave: () => void }) {
  const email = useMe().principal.email ?? '';
  const field = useRef<HTMLInputElement | null>(null);
  const [needsCode, setNeedsCode] = useState(false);
  const form = useForm({ defaultValues: { password: '', code: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ code, ...values }) => {
    const outcome = await trySignIn({ email, ...values, ...(needsCode && { code: code.trim() }) });
    if (outcome === 'signed_in') onSignedIn();
    else if (outcome === 'code_needed') setNeedsCode(true);
    else form.setError(needsCode ? 'code' : 'password', { message: outcome.refused }, { shouldFocus: true });
  });
  return (
    <FormDialog
      narrow
      firstFocus={field}
      title="Your session has ended"
      description="Sessions end 12 hours after their last use, or when a member ends them. What is on this page stays as it is."
      footNote="Your request then continues on its own."
      action="Sign in"
      busy={isSubmitting && 'Checking the password'}
      problem={errors.root?.message}
      problemTitle="You were not signed in."
      onSubmit={() => void submit()}
      onClose={onLeave}
      other={{ label: 'Leave this page', onClick: onLeave }}
    >
      <OwnPasswordField
        label={`Password of ${email}`}
        password={form.register('password', { required: 'Enter your password.' })}
        error={errors.password}
        control={field}
      />
      {needsCode && (
        <Field label="Code" error={errors.code?.message} hint="The six digits that your app shows now, or one of your recovery codes.">
          <Input machine autoComplete="one-time-code" autoFocus {...form.register('code')} />
        </Field>
      )}
    </FormDialog>
  );
}
