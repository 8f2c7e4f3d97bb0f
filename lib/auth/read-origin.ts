import type { Origin } from '#lib/context.ts';
import { readReceivedMark } from '#lib/http/received-mark.ts';

const USER_AGENT_LIMIT = 300;

/** Where a request came from. Next and a proxy in front of it each append to X-Forwarded-For: the last entry is the nearest that is known. */
export function readOrigin(headers: { get(name: string): string | null }, requestId?: string): Origin {
  const address = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();
  const userAgent = headers.get('user-agent')?.slice(0, USER_AGENT_LIMIT);
  return { receivedMark: readReceivedMark(headers), ...(address && { address }), ...(userAgent && { userAgent }), ...(requestId && { requestId }) };
}
