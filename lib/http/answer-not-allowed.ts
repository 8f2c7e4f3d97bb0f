import { DomainError } from '#lib/errors.ts';
import { answerRequest } from './answer-request.ts';

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

/** The methods of an address, as the API's own document has them; what the document leaves out can be read only. */
async function methodsAt(pathname: string): Promise<string[]> {
  // The document is made from the very handlers that lead here: it cannot stand at the top.
  const { default: document } = await import('#generated/openapi.json', { with: { type: 'json' } });
  const path = pathname.replace('/api/capydb/', '/api/').replace(/\/+$/, '');
  const found = Object.entries(document.paths).find(([template]) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
  return Object.keys(found?.[1] ?? { get: null }).map((method) => method.toUpperCase());
}
