import NextAuth from 'next-auth';
import { authOptions } from '#lib/auth/options.ts';
import { throttleSignIn } from '#lib/auth/throttle-sign-in.ts';
import { isAllowedHost } from '#lib/http/check-host.ts';

const handler = NextAuth(authOptions);

const ofAnotherHost = () => new Response('The request names a host that is not this Rekey’s.', { status: 421 });

export const GET = async (request: Request, segment: unknown): Promise<Response> =>
  isAllowedHost(request.headers.get('host')) ? handler(request, segment) : ofAnotherHost();

export const POST = async (request: Request, segment: unknown): Promise<Response> =>
  isAllowedHost(request.headers.get('host')) ? ((await throttleSignIn(request)) ?? handler(request, segment)) : ofAnotherHost();
