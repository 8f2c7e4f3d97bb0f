import type { NextApiRequest, NextApiResponse } from 'next';
import NextAuth, { type NextAuthOptions } from 'next-auth';

/** What next-auth is asked, parsed already: it reads no body, no query and no cookie by itself. */
export interface AuthQuestion {
  method: string;
  /** What stands after `/api/auth/`. */
  steps: string[];
  cookies: Record<string, string>;
  body: Record<string, string>;
}

/** Asks next-auth by its handler for the older kind of routes, which takes the parts of a request apart from one another. */
export async function askNextAuth({ method, steps, cookies, body }: AuthQuestion, options: NextAuthOptions): Promise<Response> {
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
      // Only Set-Cookie is given as a list, always the whole one.
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
