const AT = '/api/auth';

/** Sends a form of the sign-in, with the token that shows that it comes from a page of this server; its cookie stands beside it. */
async function sendForm(path: string, fields: Record<string, string>): Promise<Response> {
  const { csrfToken } = (await (await fetch(`${AT}/csrf`)).json()) as { csrfToken: string };
  return fetch(`${AT}/${path}`, { method: 'POST', body: new URLSearchParams({ ...fields, csrfToken, json: 'true' }) });
}

export interface SignInAnswer {
  status: number;
  /** The code of what was refused, with the seconds to wait behind it where there are any; null: signed in. */
  error: string | null;
}

/** Asks for a session; the page stays. Undefined where no answer came, or none of Rekey's. */
export async function requestSession(credentials: Record<string, string>): Promise<SignInAnswer | undefined> {
  try {
    const answer = await sendForm('callback/credentials', credentials);
    const { url } = (await answer.json()) as { url: string };
    const error = new URL(url).searchParams.get('error');
    return { status: answer.status, error: error ?? (answer.ok ? null : 'unexpected_answer') };
  } catch {
    return undefined;
  }
}

/** Ends the session and opens the sign-in page, as a whole load: nothing of it is left in memory. */
export async function signOut(): Promise<void> {
  await sendForm('signout', {}).catch(() => undefined);
  window.location.assign('/signin');
}
