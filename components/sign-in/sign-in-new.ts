import { signIn } from 'next-auth/react';

/** Signs in whoever has just been made. Where that fails they exist all the same, and the page to sign in asks again. */
export async function signInNew(email: string, password: string): Promise<void> {
  const answer = await signIn('credentials', { email, password, redirect: false }).catch(() => undefined);
  window.location.assign(answer?.ok && !answer.error ? '/' : '/signin');
}
