import { DomainError } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { checkHost } from './check-host.ts';
import { problemResponse } from './problem.ts';
import { storeRefusal } from './store-refusal.ts';

/** Runs a handler: gives the request its id, turns what is thrown into a refusal (a problem, unless told otherwise), and writes one line about it. */
export async function answerRequest(
  request: Request,
  run: (requestId: string) => Promise<Response>,
  refuse: (error: unknown, requestId: string) => Response = problemResponse,
): Promise<Response> {
  const startedAt = performance.now();
  const requestId = newId('req');
  const runChecked = async () => {
    checkHost(request);
    return run(requestId);
  };
  const response = await runChecked().catch((error: unknown) => {
    if (!(error instanceof DomainError)) log.error({ request_id: requestId, error: describeError(error) }, 'request failed');
    return refuse(storeRefusal(error) ?? error, requestId);
  });
  response.headers.set('x-request-id', requestId);
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store');
  const { pathname } = new URL(request.url);
  const durationMs = Math.round(performance.now() - startedAt);
  log.info({ request_id: requestId, method: request.method, path: pathname, status: response.status, duration_ms: durationMs }, 'request');
  return response;
}
