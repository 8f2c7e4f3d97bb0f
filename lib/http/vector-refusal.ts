import type { VectorErrorWire } from '#lib/contract/vector/envelope.ts';
import type { ErrorCode } from '#lib/kernel/errors.ts';
import { retryHeaders, toProblem } from './problem.ts';

/** The words that clients of this dialect compare with; for every other failure the sentence itself is the message. */
const MESSAGES: Partial<Record<ErrorCode, string>> = { unauthenticated: 'Unauthenticated', validation_failed: 'Validation failed' };

/** What leaves for an error in the sites dialect: the same failure as in the other dialect, under its own names. */
export function vectorRefusal(error: unknown, requestId: string): Response {
  const problem = toProblem(error, requestId);
  const code = problem.code as ErrorCode;
  const body: VectorErrorWire = {
    data: {},
    message: MESSAGES[code] ?? problem.detail,
    http_status: problem.status,
    ...(problem.errors && { errors: problem.errors }),
    code,
    detail: problem.detail,
    request_id: requestId,
    ...(problem.job_id && { job_id: problem.job_id }),
  };
  return Response.json(body, { status: problem.status, headers: retryHeaders(error) });
}
