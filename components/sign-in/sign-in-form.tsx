'use client';

import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { requestSession, type SignInAnswer } from './session-requests.ts';

interface CodeStepProps {
  /** Signs in with it; answers why not, or null. */
  onCode: (code: string) => Promise<string | null>;
  onBack: () => void;
}

/** The second step of the sign-in, after the password was right. */
function CodeStep({ onCode, onBack }: CodeStepProps) {
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

type Outcome = 'signed_in' | 'code_needed' | { refused: string };

/** Why it did not work, by the status of the answer and the code in it, which has the seconds to wait behind it. */
function refusal({ status, error }: Partial<SignInAnswer>, isCodeGiven: boolean): string {
  const [code, wait] = error?.split(':') ?? [];
  if (status === 429 || code === 'rate_limited')
    return `Too many wrong attempts. Wait ${waitInWords(Number(wait) || 60)}, then try again. Your account is unchanged.`;
  if (code === 'validation_failed' || code === 'body_too_large')
    return 'The email address or the password is too long, or contains a character that cannot be typed.';
  if (status === 401 && error === 'CredentialsSignin') return isCodeGiven ? 'Email, password or code is wrong.' : 'Email or password is wrong.';
  return 'Rekey could not check the password. Its database or the server did not answer; try again in a moment.';
}

const waitInWords = (seconds: number): string => (seconds < 90 ? `${seconds} ${seconds === 1 ? 'second' : 'seconds'}` : `${Math.ceil(seconds / 60)} minutes`);

/** Tries a sign-in; the page stays. */
export async function trySignIn(values: { email: string; password: string; code?: string }): Promise<Outcome> {
  const answer = await requestSession({ ...values, email: values.email.trim() });
  if (answer?.error === null) return 'signed_in';
  return answer?.error === 'second_factor_required' ? 'code_needed' : { refused: refusal(answer ?? {}, values.code !== undefined) };
}

/** Signs in and goes on to `next`, a path on this site; `hasEnded`: a session was there before. Where the second factor is on, its code is a second step. */
export function SignInForm({ next, hasEnded }: { next: string; hasEnded?: boolean }) {
  const form = useForm({ defaultValues: { email: '', password: '' } });
  const { errors, isSubmitting } = form.formState;
  const [step, setStep] = useState<'password' | 'code' | 'done'>('password');

  const send = async (code?: string): Promise<string | null> => {
    const outcome = await trySignIn({ ...form.getValues(), ...(code !== undefined && { code }) });
    if (typeof outcome === 'object') return outcome.refused;
    // A whole load, so that nothing of somebody else's session is left in memory.
    if (outcome === 'signed_in') window.location.assign(next);
    setStep(outcome === 'code_needed' ? 'code' : 'done');
    return null;
  };
  const submit = form.handleSubmit(async () => {
    const refused = await send();
    if (refused !== null) form.setError('password', { message: refused }, { shouldFocus: true });
  });

  if (step === 'code') return <CodeStep onCode={send} onBack={() => setStep('password')} />;
  return (
    <form method="post" noValidate className="mt-6 grid gap-4" onSubmit={submit}>
      {hasEnded && (
        <Notice tone="info" title="Your session has ended.">
          Sessions end 12 hours after their last use, or when a member ends them. Sign in to return to where you were.
        </Notice>
      )}
      <Field label="Email" error={errors.email?.message}>
        <Input
          type="email"
          autoComplete="username"
          autoFocus
          {...form.register('email', { validate: (email) => email.trim() !== '' || 'Enter your email address.' })}
        />
      </Field>
      <Field label="Password" error={errors.password?.message}>
        <Input type="password" autoComplete="current-password" {...form.register('password', { required: 'Enter your password.' })} />
      </Field>
      <Button kind="primary" type="submit" className="mt-1 w-full" busy={(isSubmitting || step === 'done') && 'Checking the password'}>
        Sign in
      </Button>
    </form>
  );
}
