import NextAuth from 'next-auth';
import { authOptions } from '#lib/auth/options.ts';
import { throttleSignIn } from '#lib/auth/throttle-sign-in.ts';

const handler = NextAuth(authOptions);

export { handler as GET };

export const POST = async (request: Request, segment: unknown): Promise<Response> => (await throttleSignIn(request)) ?? handler(request, segment);
