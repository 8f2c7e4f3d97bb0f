'use client';

import { useForm } from 'react-hook-form';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

interface CodeStepProps {
  /** Signs in with it; answers why not, or null. */
  onCode: (code: string) => Promise<string | null>;
  onBack: () => void;
}

/** The second step of the sign-in, after the password was right. */
export function CodeStep({ onCode, onBack }: CodeStepProps) {
  const form = useForm({ defaultValues: { code: '' } });
  const { errors, isSubmitting, isSubmitSuccessful } = form.formState;
  const submit = form.handleSubmit(async ({ code }) => {
    const refused = await onCode(code.trim());
    if (refused !== null) form.setError('code', { message: refused }, { shouldFocus: true });
  });
  return (
    <form method="post" noValidate className="mt-6 grid gap-4" onSubmit={submit}>
      <Field label="Code" error={errors.code?.message} hint="The six digits that your app shows now, or one of your recovery codes.">
        <Input
          machine
          autoComplete="one-time-code"
          autoFocus
          {...form.register('code', { validate: (code) => code.trim() !== '' || 'Enter the code your app shows, or a recovery code.' })}
        />
      </Field>
      <Button kind="primary" type="submit" className="mt-1 w-full" busy={(isSubmitting || isSubmitSuccessful) && 'Checking the code'}>
        Sign in
      </Button>
      <Button kind="quiet" className="w-full" onClick={onBack}>
        Back to the password
      </Button>
    </form>
  );
}
