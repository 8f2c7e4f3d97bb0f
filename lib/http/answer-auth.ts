import type { NextApiRequest, NextApiResponse } from 'next';
import { NextResponse } from 'next/server';
import NextAuth, { type NextAuthOptions } from 'next-auth';
import { DEVICE_COOKIE, makeDeviceToken, readDevice } from '#lib/auth/cookies.ts';
import { authOptions } from '#lib/auth/options.ts';
import { SecondFactorRequiredError, signIn } from '#lib/auth/sign-in.ts';
import { signInForm } from '#lib/contract/self.ts';
import type { Origin } from '#lib/kernel/context.ts';
import { DomainError, invalidField, notFound } from '#lib/kernel/errors.ts';
import { readCookies } from '#lib/kernel/read-cookies.ts';
import { readOrigin } from '#lib/kernel/read-origin.ts';
import { answerRequest } from './answer-request.ts';
import { parseInput } from './parse-input.ts';
import { retryHeaders, toProblem } from './problem.ts';
import { readBody } from './read-body.ts';

/** An already parsed request for next-auth, which reads no body, query or cookie on its own. */
interface AuthQuestion {
  method: string;
  /** The path segments after `/api/auth/`. */
  steps: string[];
  cookies: Record<string, string>;
  body: Record<string, string>;
}

/** Asks next-auth by its handler for the older kind of routes, which takes the parts of a request apart from one another. */
async function askNextAuth({ method, steps, cookies, body }: AuthQuestion, options: NextAuthOptions): Promise<Response> {
  const headers = new Headers();
  let set: string[] = [];
  let status = 200;
  let text: string | null = null;
  const response = {
    status: (code: number) => {
      status = code;
      return response;
    },
    getHeader: () => set,
    setHeader: (name: string, value: string | string[]) => {
      // Only Set-Cookie is passed as a list, and always as the complete list.
      if (typeof value === 'string') headers.set(name, value);
      else set = value;
      return response;
    },
    json: (value: unknown) => {
      headers.set('content-type', 'application/json');
      text = JSON.stringify(value);
    },
    send: (value: unknown) => (typeof value === 'object' ? response.json(value) : response.end(String(value))),
    end: (value: string | null = null) => {
      text = value;
    },
  };
  const request = { method, headers: {}, query: { nextauth: steps }, cookies, body };
  await NextAuth(request as unknown as NextApiRequest, response as unknown as NextApiResponse, options);
  for (const cookie of set) headers.append('set-cookie', cookie);
  return new Response(text, { status, headers });
}

/** What the dashboard asks of next-auth; its other addresses are none here. */
const QUESTIONS = ['GET csrf', 'GET providers', 'GET session', 'POST callback/credentials', 'POST signout'];

const FORM_LIMIT_BYTES = 16_384;

/** The fields of a form, each once: two parsers that take the first and the last of a repeated one would judge different forms. */
async function readForm(request: Request): Promise<Record<string, string>> {
  const body = await readBody(request);
  if (body.byteLength > FORM_LIMIT_BYTES) throw new DomainError('body_too_large', 'The form is larger than 16 KB. Nothing was changed.');
  if (!/^application\/x-www-form-urlencoded(;|$)/i.test(request.headers.get('content-type') ?? ''))
    throw new DomainError('malformed_body', 'Send a form (application/x-www-form-urlencoded). Nothing was changed.');
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    if (fields.has(name)) throw invalidField(name, 'Send this field once. Nothing was changed.');
    fields.set(name, value);
  }
  return Object.fromEntries(fields);
}

/** A problem, and beside it what next-auth's client in the page reads: an address with the code of the error, and how long to wait. */
function withCode(error: unknown, origin: string, requestId: string): Response {
  const problem = toProblem(error, requestId);
  const wait = error instanceof DomainError ? error.extras.retryAfterSeconds : undefined;
  const url = `${origin}/signin?error=${encodeURIComponent(wait === undefined ? problem.code : `${problem.code}:${wait}`)}`;
  return Response.json({ ...problem, url }, { status: problem.status, headers: retryHeaders(error) });
}

/** Keeps what `openSession` threw, since next-auth would make a 401 of it; a code alone is missing where the password was right. */
function keepFailure(openSession: () => Promise<string | null>) {
  const kept: { sessionId: string | null; failure?: unknown } = { sessionId: null };
  const run = async (): Promise<string | null> => {
    try {
      kept.sessionId = await openSession();
    } catch (error) {
      if (error instanceof SecondFactorRequiredError) throw new Error(error.code);
      kept.failure = error;
    }
    return kept.sessionId;
  };
  return { kept, run };
}

async function ask(request: Request, origin: Origin): Promise<Response> {
  const path = new URL(request.url).pathname.replace(/^\/api\/auth\//, '');
  const question = `${request.method} ${path}`;
  if (!QUESTIONS.includes(question)) throw notFound('address');
  const isPost = request.method === 'POST';
  const body = isPost ? await readForm(request) : {};
  const credentials = question === 'POST callback/credentials' ? parseInput(signInForm, body) : null;
  const cookies = readCookies(request);
  const device = credentials && (await readDevice(cookies.get(DEVICE_COOKIE.name)));
  const { kept, run } = keepFailure(async () => credentials && signIn(credentials, origin, device));
  const answer = await askNextAuth({ method: request.method, steps: path.split('/'), cookies: withoutCallback(cookies), body }, authOptions(origin, run));
  if (kept.failure !== undefined) throw kept.failure;
  if (kept.sessionId === null) return answer;
  const signedIn = new NextResponse(answer.body, answer);
  signedIn.cookies.set(DEVICE_COOKIE.name, await makeDeviceToken(kept.sessionId), DEVICE_COOKIE.options);
  return signedIn;
}

/** next-auth answers 500 where this cookie is no address; the dashboard says itself where it goes on. */
const withoutCallback = (cookies: Map<string, string>) => Object.fromEntries([...cookies].filter(([name]) => !name.endsWith('callback-url')));

/** Answers what the sign-in asks: the one way from a form to a session. */
export function answerAuth(received: Request): Promise<Response> {
  const { origin } = new URL(received.url);
  return answerRequest(
    received,
    (requestId) => ask(received, readOrigin(received.headers, requestId)),
    (error, requestId) => withCode(error, origin, requestId),
  );
}
