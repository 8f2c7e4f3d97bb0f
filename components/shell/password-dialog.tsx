'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRef } from 'react';
import { useForm } from 'react-hook-form';
import { useMe } from '#components/session/me.tsx';
import { OwnPasswordFields } from '#components/session/own-password-fields.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import { apiSend } from '#lib/contract/api-client.ts';
import { confirmBody } from '#lib/contract/self.ts';

/** Asks for the password of the signed-in person. */
export function PasswordDialog({ onAnswer }: { onAnswer: (isConfirmed: boolean) => void }) {
  const { principal } = useMe();
  const field = useRef<HTMLInputElement>(null);
  const form = useForm({ resolver: zodResolver(confirmBody), defaultValues: { password: '', code: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(({ password, code }) =>
    apiSend('POST', '/me/confirm', { password, ...(code && { code }) }).then(
      () => onAnswer(true),
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
      title="Confirm it is you"
      description="You last entered your password more than five minutes ago. This action needs it again."
      footNote="Your action then continues."
      action="Confirm"
      busy={isSubmitting && 'Checking the password'}
      problem={errors.root?.message}
      problemTitle="The password was not checked."
      onSubmit={() => void submit()}
      onClose={() => onAnswer(false)}
    >
      <OwnPasswordFields
        label={`Password of ${principal.email}`}
        password={form.register('password')}
        code={form.register('code')}
        errors={errors}
        control={field}
      />
    </FormDialog>
  );
}
