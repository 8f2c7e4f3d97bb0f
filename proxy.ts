import { type NextRequest, NextResponse } from 'next/server';

/** Tells the layout which page was asked for, so that the sign-in leads back to it. Nothing is allowed or refused here. */
export function proxy(request: NextRequest): NextResponse {
  const headers = new Headers(request.headers);
  headers.set('x-rekey-path', request.nextUrl.pathname + request.nextUrl.search);
  return NextResponse.next({ request: { headers } });
}

export const config = { matcher: ['/', '/projects/:path*'] };
