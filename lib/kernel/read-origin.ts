import { readClientAddress } from './client-address.ts';
import type { Origin } from './context.ts';
import { readReceivedMark } from './received-mark.ts';

const USER_AGENT_LIMIT = 300;

/** Where a request came from. */
export function readOrigin(headers: { get(name: string): string | null }, requestId?: string): Origin {
  const address = readClientAddress(headers);
  const userAgent = headers.get('user-agent')?.slice(0, USER_AGENT_LIMIT);
  return { receivedMark: readReceivedMark(headers), ...(address && { address }), ...(userAgent && { userAgent }), ...(requestId && { requestId }) };
}
