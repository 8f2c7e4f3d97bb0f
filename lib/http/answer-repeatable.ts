import { answerOnce } from '#lib/idempotency/answer-once.ts';
import type { Context } from '#lib/kernel/context.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { readBody } from './read-body.ts';

/** Runs a request; a POST with an Idempotency-Key only once, however often it is sent. A refusal counts as its answer. */
export async function answerRepeatable(
  context: Context,
  request: Request,
  run: (request: Request) => Promise<Response>,
  refuse: (error: DomainError) => Response,
): Promise<Response> {
  const key = request.method === 'POST' ? request.headers.get('idempotency-key') : null;
  if (key === null) return run(request);
  const { method, url, headers } = request;
  const { pathname, search } = new URL(url);
  const body = await readBody(request);
  return answerOnce(context, key, { method, path: pathname + search, body }, () =>
    run(new Request(url, { method, headers, body: new Uint8Array(body) })).catch((error: unknown) => {
      if (error instanceof DomainError) return refuse(error);
      throw error;
    }),
  );
}
