import { type NextRequest, NextResponse } from 'next/server';
import { isAllowedHost } from '#lib/http/check-host.ts';
import { contentSecurityPolicy } from '#lib/http/content-security-policy.ts';

const isDev = process.env.NODE_ENV === 'development';

/**
 * Gives each page its Content-Security-Policy, and tells the layout which page was asked for, so that the sign-in leads
 * back to it. No login is asked for here: every handler does by itself.
 */
export function proxy(request: NextRequest): NextResponse {
  if (!isAllowedHost(request.headers.get('host'))) return new NextResponse('The request names a host that is not this Rekey’s.', { status: 421 });
  const nonce = Buffer.from(crypto.randomUUID()).toString('base64');
  const policy = contentSecurityPolicy(nonce, { isDev });
  const headers = new Headers(request.headers);
  headers.set('x-rekey-path', request.nextUrl.pathname + request.nextUrl.search);
  headers.set('x-nonce', nonce);
  // Next reads the nonce for its own scripts from here.
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

export const config = { matcher: ['/((?!api/|api$|_next/|icon.svg|metrics$).*)'] };
