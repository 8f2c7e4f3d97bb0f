import { DomainError } from '#lib/errors.ts';
import { answerRequest } from './answer-request.ts';

/** Answers every address under the API that no route has. */
export const answerUnknown = (request: Request): Promise<Response> =>
  answerRequest(request, () => Promise.reject(new DomainError('not_found', `The API has no ${request.method} ${new URL(request.url).pathname}.`)));
