import { DomainError } from '#lib/kernel/errors.ts';
import { answerRequest } from './answer-request.ts';
import { vectorRefusal } from './vector-refusal.ts';

const noSuch = (request: Request) => new DomainError('not_found', `The API has no ${request.method} ${new URL(request.url).pathname}.`);

/** Answers every address under the API that no route has. */
export const answerUnknown = (request: Request): Promise<Response> => answerRequest(request, () => Promise.reject(noSuch(request)));

/** The same for the sites dialect. */
export const answerUnknownVector = (request: Request): Promise<Response> => answerRequest(request, () => Promise.reject(noSuch(request)), vectorRefusal);
