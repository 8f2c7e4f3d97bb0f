import { DomainError } from '#lib/kernel/errors.ts';
import { answerRequest } from './answer-request.ts';
import { vectorRefusal } from './vector-refusal.ts';

const noSuch = (request: Request) => new DomainError('not_found', `The API has no ${request.method} ${new URL(request.url).pathname}.`);

/** Answers API paths that match no route. */
export const answerUnknown = (request: Request): Promise<Response> => answerRequest(request, () => Promise.reject(noSuch(request)));

/** The same for the sites API. */
export const answerUnknownVector = (request: Request): Promise<Response> => answerRequest(request, () => Promise.reject(noSuch(request)), vectorRefusal);
