import { type Dispatcher, request } from 'undici';
import { AddressRefusedError, TIMEOUT_MS } from './outbound-agent.ts';

/** How much of an answer's body is read before the connection is cut. */
const ANSWER_LIMIT_BYTES = 4096;

export type NoAnswer = 'address_refused' | 'timed_out' | 'unreachable';
export type PostAnswer = { status: number; retryAfter: string | null } | { failure: NoAnswer };

/** Sends JSON, as the very bytes of `body`, and answers what came of it; never throws. Follows no redirect and keeps nothing of the answer's body. */
export async function postJson(
  agent: Dispatcher,
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string },
  timeoutMs = TIMEOUT_MS,
): Promise<PostAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await request(url, { dispatcher: agent, method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, signal });
    // The status is the answer, whatever becomes of the body.
    await answer.body.dump({ limit: ANSWER_LIMIT_BYTES, signal }).catch(() => undefined);
    const retryAfter = answer.headers['retry-after'];
    return { status: answer.statusCode, retryAfter: typeof retryAfter === 'string' ? retryAfter : null };
  } catch (error) {
    return { failure: failureOf(error, signal) };
  }
}

function failureOf(error: unknown, signal: AbortSignal): NoAnswer {
  if (error instanceof AddressRefusedError) return 'address_refused';
  const isLate = signal.aborted || (error instanceof Error && 'code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT');
  return isLate ? 'timed_out' : 'unreachable';
}
