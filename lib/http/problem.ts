import type { ProblemWire } from '#lib/contract/problem.ts';
import { DomainError, ERRORS } from '#lib/kernel/errors.ts';

const INTERNAL = new DomainError(
  'internal',
  'Internal error. It is not known whether anything changed. Check before you repeat the request, and include the request id when you report it.',
);

/** The problem that leaves for an error: its own words where it is meant for the caller, constant ones otherwise. */
export function toProblem(error: unknown, requestId: string): ProblemWire {
  const { code, message, extras } = error instanceof DomainError ? error : INTERNAL;
  return {
    type: `urn:rekey:problem:${code}`,
    title: ERRORS[code].title,
    status: ERRORS[code].status,
    detail: message,
    code,
    request_id: requestId,
    error: message,
    ...(extras.fields && { errors: extras.fields }),
    ...(extras.jobId && { job_id: extras.jobId }),
  };
}

/** Seconds to wait after a 503 that sets no time of its own. A restarting database is often back by then. */
const RETRY_UNAVAILABLE_SECONDS = 5;

/** The `Retry-After` of an error, where it makes sense to repeat the request after a while. */
export function retryHeaders(error: unknown): Record<string, string> {
  if (!(error instanceof DomainError)) return {};
  const seconds = error.extras.retryAfterSeconds ?? (error.code === 'unavailable' ? RETRY_UNAVAILABLE_SECONDS : undefined);
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}

/** The same as an HTTP answer. */
export function problemResponse(error: unknown, requestId: string): Response {
  const problem = toProblem(error, requestId);
  return Response.json(problem, {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', ...retryHeaders(error) },
  });
}
