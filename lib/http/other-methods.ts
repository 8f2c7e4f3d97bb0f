import { DomainError } from '#lib/kernel/errors.ts';
import { answerRequest } from './answer-request.ts';
import { methodsAt } from './methods-at.ts';
import { problemResponse } from './problem.ts';

/** A handler for every method that an address does not have: 405 in the dialect's own form, naming those it has. */
export function answerNotAllowed(refuse: (error: unknown, requestId: string) => Response): (request: Request) => Promise<Response> {
  return async (request) => {
    const allowed = (await methodsAt(new URL(request.url).pathname)).join(', ');
    const error = new DomainError('method_not_allowed', `This address has no ${request.method}, only ${allowed}. Nothing was changed.`);
    const response = await answerRequest(request, () => Promise.reject(error), refuse);
    response.headers.set('allow', allowed);
    return response;
  };
}

/** What a route of this dialect answers to the methods it has not: a route's own exports stand before those of `export *`. */
const notAllowed = answerNotAllowed(problemResponse);

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as POST, notAllowed as PUT };
