import { cookies, headers } from 'next/headers';
import type { Context } from '#lib/kernel/context.ts';
import { readOrigin } from '#lib/kernel/read-origin.ts';
import { readSessionId, SESSION_COOKIE } from './cookies.ts';
import { readSession } from './read-session.ts';

/** For pages: whether this browser was signed in before, so that a missing session means an ended one. */
export const hadSession = async (): Promise<boolean> => (await cookies()).has(SESSION_COOKIE.name);

/** For pages: returns the context of the signed-in member, or null (redirect to /signin). */
export async function getCurrentContext(): Promise<Context | null> {
  const sessionId = await readSessionId((await cookies()).get(SESSION_COOKIE.name)?.value);
  return sessionId === null ? null : readSession(sessionId, readOrigin(await headers()));
}
