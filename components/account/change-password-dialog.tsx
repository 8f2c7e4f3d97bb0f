'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRef } from 'react';
import { useForm } from 'react-hook-form';
import { useChangePassword } from '#components/data/account.ts';
import { OwnPasswordFields } from '#components/session/own-password-fields.tsx';
import { PasswordHint } from '#components/sign-in/password-hint.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import { changePasswordBody } from '#lib/contract/self.ts';

interface ChangePasswordDialogProps {
  /** Told how many other sessions were ended. */
  onChanged: (endedSessions: number) => void;
  onClose: () => void;
}

/** Asks for the password of now, as wherever it is asked for, and for the one that is to be. */
export function ChangePasswordDialog({ onChanged, onClose }: ChangePasswordDialogProps) {
  const change = useChangePassword();
  const field = useRef<HTMLInputElement>(null);
  const form = useForm({ resolver: zodResolver(changePasswordBody), defaultValues: { password: '', code: '', new_password: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(({ code, ...body }) =>
    change.mutateAsync({ ...body, ...(code && { code }) }).then(
      ({ revoked }) => onChanged(revoked),
      (error: Error) => {
        showProblem(form, error);
        if (form.getFieldState('password').error) field.current?.select();
      },
    ),
  );
  return (
    <FormDialog
      narrow
      firstFocus={field}
      title="Change your password"
      description="All your other sessions end at once; this one and the API keys you created stay."
      action="Change password"
      busy={isSubmitting && 'Changing the password'}
      problem={errors.root?.message}
      problemTitle="The password was not changed."
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <OwnPasswordFields label="Current password" password={form.register('password')} code={form.register('code')} errors={errors} control={field} />
      <Field label="New password" error={errors.new_password?.message} hint={<PasswordHint length={form.watch('new_password').length} />}>
        <Input type="password" autoComplete="new-password" {...form.register('new_password')} />
      </Field>
    </FormDialog>
  );
}
