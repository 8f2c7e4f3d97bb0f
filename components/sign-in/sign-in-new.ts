import { requestSession } from './session-requests.ts';

/** Signs in whoever has just been made. Where that fails they exist all the same, and the page to sign in asks again. */
export async function signInNew(email: string, password: string): Promise<void> {
  const answer = await requestSession({ email, password });
  window.location.assign(answer?.error === null ? '/' : '/signin');
}
