import type { NextAuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { env } from '#lib/env.ts';
import { DomainError } from '#lib/errors.ts';
import { describeError, log } from '#lib/log.ts';
import { readOrigin } from './read-origin.ts';
import { SESSION_COOKIE } from './session-cookie.ts';
import { SESSION_MAX_SECONDS } from './session-times.ts';
import { SecondFactorRequiredError, signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';

/** The message of what is thrown in `authorize` is what the form is told: a code, never a sentence of somebody else's. */
function asCode(error: unknown): never {
  if (error instanceof SecondFactorRequiredError || error instanceof DomainError) throw new Error(error.code);
  log.error({ error: describeError(error) }, 'a sign-in failed');
  throw new Error('internal');
}

/** next-auth does the form, the CSRF token and the cookie; whether a session lives is told by its row alone. */
export const authOptions: NextAuthOptions = {
  secret: env.NEXTAUTH_SECRET,
  session: { strategy: 'jwt', maxAge: SESSION_MAX_SECONDS },
  cookies: { sessionToken: SESSION_COOKIE },
  pages: { signIn: '/signin', error: '/signin' },
  providers: [
    CredentialsProvider({
      name: 'Password',
      credentials: { email: { type: 'email' }, password: { type: 'password' }, code: { type: 'text' } },
      authorize: async (credentials, request) => {
        if (!credentials?.email || !credentials.password) return null;
        const id = await signIn(credentials, readOrigin(new Headers(request.headers))).catch(asCode);
        return id === null ? null : { id };
      },
    }),
  ],
  callbacks: {
    // `user` is given at sign-in only, and its id is the session's.
    jwt: ({ token, user }) => ({ sid: user?.id ?? token.sid }),
    session: ({ session }) => ({ expires: session.expires }),
  },
  events: {
    signOut: async ({ token }) => {
      if (typeof token?.sid === 'string') await signOut(token.sid, {});
    },
  },
};
