import type { NextAuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { SESSION_MAX_SECONDS } from '#lib/access/session-times.ts';
import { deriveKey } from '#lib/crypto/derive-key.ts';
import type { Origin } from '#lib/kernel/context.ts';
import { SESSION_COOKIE } from './cookies.ts';
import { signOut } from './own-sessions.ts';

/** next-auth does the CSRF token and the cookie; `openSession` judges the form and answers a session's id, and whether a session lives is told by its row alone. */
export const authOptions = (origin: Origin, openSession: () => Promise<string | null>): NextAuthOptions => ({
  secret: deriveKey('csrf'),
  jwt: { secret: deriveKey('session') },
  session: { strategy: 'jwt', maxAge: SESSION_MAX_SECONDS },
  cookies: { sessionToken: SESSION_COOKIE },
  pages: { signIn: '/signin', error: '/signin' },
  providers: [
    CredentialsProvider({
      name: 'Password',
      credentials: {},
      authorize: async () => {
        const id = await openSession();
        return id === null ? null : { id };
      },
    }),
  ],
  callbacks: {
    // `user` is set only at sign-in, and its id is the session's id.
    jwt: ({ token, user }) => ({ sid: user?.id ?? token.sid }),
    session: ({ session }) => ({ expires: session.expires }),
    // next-auth's own throws for what is no address.
    redirect: ({ url, baseUrl }) => {
      const target = URL.canParse(url, baseUrl) ? new URL(url, baseUrl) : null;
      return target?.origin === baseUrl ? target.href : baseUrl;
    },
  },
  events: {
    signOut: async ({ token }) => {
      if (typeof token?.sid === 'string') await signOut(token.sid, origin);
    },
  },
});
