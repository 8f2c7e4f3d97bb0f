'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { trySignIn } from '#components/sign-in/sign-in-form.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { setAskPerson } from '#lib/http/api-client.ts';
import { useMe } from './me.tsx';
import { OwnPasswordField } from './own-password-fields.tsx';

/** Whether something is typed into the page that would be lost with it. */
const holdsInput = (): boolean =>
  [...document.querySelectorAll<HTMLInputElement>('main :is(input, textarea), [role=dialog] :is(input, textarea)')].some(
    ({ type, value }) => value !== '' && !['search', 'hidden', 'checkbox', 'radio'].includes(type),
  );

/** Goes to the sign-in page, which says why and leads back here. */
function leave(): false {
  const { pathname, search } = window.location;
  window.location.assign(`/signin?ended=1&callbackUrl=${encodeURIComponent(pathname + search)}`);
  return false;
}

/**
 * Where a session has ended: the sign-in page, or, where something is typed, a question over the page, so that nothing of it
 * is lost. What was asked for then goes on.
 */
export function SignInAgain() {
  const client = useQueryClient();
  const [answer, setAnswer] = useState<((isSignedIn: boolean) => void) | null>(null);
  useEffect(() => {
    setAskPerson(
      'sign_in',
      () =>
        new Promise((resolve) => {
          if (!holdsInput()) return resolve(leave());
          setAnswer(() => (isSignedIn: boolean) => {
            setAnswer(null);
            resolve(isSignedIn);
            if (isSignedIn) void client.invalidateQueries();
          });
        }),
    );
    return () => setAskPerson('sign_in', null);
  }, [client]);
  return answer && <OpenSignInAgain onAnswer={answer} />;
}

const schema = z.object({ password: z.string().min(1, 'Give your password.'), code: z.string().trim() });

function OpenSignInAgain({ onAnswer }: { onAnswer: (isSignedIn: boolean) => void }) {
  const email = useMe().principal.email ?? '';
  const field = useRef<HTMLInputElement | null>(null);
  const [needsCode, setNeedsCode] = useState(false);
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { password: '', code: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ code, ...values }) => {
    const outcome = await trySignIn({ email, ...values, ...(needsCode && { code }) });
    if (outcome === 'signed_in') onAnswer(true);
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
      onClose={() => onAnswer(leave())}
      other={{ label: 'Leave this page', onClick: () => onAnswer(leave()) }}
    >
      <OwnPasswordField label={`Password of ${email}`} password={form.register('password')} error={errors.password} control={field} />
      {needsCode && (
        <Field label="Code" error={errors.code?.message} hint="The six digits that your app shows now, or one of your recovery codes.">
          <Input machine autoComplete="one-time-code" autoFocus {...form.register('code')} />
        </Field>
      )}
    </FormDialog>
  );
}
