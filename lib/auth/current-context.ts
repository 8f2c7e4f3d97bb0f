import { cookies, headers } from 'next/headers';
import type { Context } from '#lib/kernel/context.ts';
import { readOrigin } from '#lib/kernel/read-origin.ts';
import { readSessionId, SESSION_COOKIE } from './cookies.ts';
import { readSession } from './read-session.ts';

/** For pages: whether this browser was signed in, so that a session which is missing has ended. */
export const hadSession = async (): Promise<boolean> => (await cookies()).has(SESSION_COOKIE.name);

/** For pages: the context of who is signed in, or null (send them to /signin). */
export async function getCurrentContext(): Promise<Context | null> {
  const sessionId = await readSessionId((await cookies()).get(SESSION_COOKIE.name)?.value);
  return sessionId === null ? null : readSession(sessionId, readOrigin(await headers()));
}
