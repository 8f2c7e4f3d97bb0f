import { type Dispatcher, request } from 'undici';
import { answerText } from './answer-text.ts';
import { AddressRefusedError, TIMEOUT_MS } from './outbound-agent.ts';

/** How much of an answer's body is read before the connection is cut. */
const ANSWER_LIMIT_BYTES = 4096;
const HEADER_LIMIT = 300;
/** What is kept of an answer's headers. */
const KEPT_HEADERS = ['content-type', 'location', 'retry-after'] as const;

export type NoAnswer = 'address_refused' | 'timed_out' | 'unreachable';
export interface Answer {
  status: number;
  retryAfter: string | null;
  /** The content type, where a redirect leads, Retry-After. */
  headers: Record<string, string>;
  /** The first 4 KiB of the body, fit to be stored and shown. */
  text: string;
}
export type PostAnswer = Answer | { failure: NoAnswer };

/** Sends JSON, as the very bytes of `body`, and answers what came of it; never throws. Follows no redirect and reads no more than 4 KiB of the answer. */
export async function postJson(
  agent: Dispatcher,
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string },
  timeoutMs = TIMEOUT_MS,
): Promise<PostAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await request(url, { dispatcher: agent, method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, signal });
    const retryAfter = answer.headers['retry-after'];
    return {
      status: answer.statusCode,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
      headers: keptHeaders(answer.headers),
      text: answerText(await readStart(answer.body)),
    };
  } catch (error) {
    return { failure: failureOf(error, signal) };
  }
}

/** Ends the connection where there is more. The status is the answer, whatever becomes of the body. */
async function readStart(body: Dispatcher.ResponseData['body']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= ANSWER_LIMIT_BYTES) break;
    }
  } catch {
    // Interrupted or too late.
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_LIMIT_BYTES);
}

function keptHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') kept[name] = answerText(Buffer.from(value, 'latin1')).slice(0, HEADER_LIMIT);
  }
  return kept;
}

function failureOf(error: unknown, signal: AbortSignal): NoAnswer {
  if (error instanceof AddressRefusedError) return 'address_refused';
  const isLate = signal.aborted || (error instanceof Error && 'code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT');
  return isLate ? 'timed_out' : 'unreachable';
}
