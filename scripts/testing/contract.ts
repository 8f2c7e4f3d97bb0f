// A provider's own API document, in whose name Prism judges every request of ours and every answer of a fake.
import { createInstance, getHttpOperationsFromSpec, type IHttpRequest } from '@stoplight/prism-http';
import { pino } from 'pino';
import { matchPath } from './match-path.ts';
import type { Asked, Told } from './provider-server.ts';

type Params = Record<string, string>;
/** What a fake does with the requests of one operation of the document. */
export type Operations = Record<string, (asked: Asked, params: Params) => Told>;

export interface Document {
  paths: Record<string, unknown>;
  [part: string]: unknown;
}

/**
 * Answers requests by `operations`, named as in the document, and adds to `violations` what is wrong in them. Only the
 * `paths` given are looked at, the document being large.
 */
export async function openContract(
  document: Document,
  paths: string[],
  operations: Operations,
  violations: string[],
): Promise<(asked: Asked) => Promise<Told>> {
  const found = await getHttpOperationsFromSpec(pick(document, paths));
  const prism = createInstance(
    { isProxy: false, checkSecurity: true, validateRequest: true, validateResponse: true, errors: false, upstreamProxy: undefined, mock: { dynamic: false } },
    {
      logger: pino({ level: 'silent' }),
      mock: ({ resource, input }) => {
        const { asked } = input.data as IHttpRequest & { asked: Asked };
        const invalid: Told | undefined = input.validations.length > 0 ? { status: 422, body: { message: 'Validation Failed' } } : undefined;
        const told = invalid ?? operations[resource.iid ?? '']?.(asked, matchPath(resource.path, asked.path) ?? {}) ?? { status: 501 };
        const { status, headers, body } = told;
        const type: Params = body === undefined ? {} : { 'content-type': 'application/json' };
        return () => ({ _tag: 'Right', right: { statusCode: status, headers: { ...type, ...headers }, body } });
      },
    },
  );
  return async (asked) => {
    const { method, path, query, headers, body } = asked;
    const request = { method: method.toLowerCase() as IHttpRequest['method'], url: { path, query }, headers: headers as Params, body, asked };
    const judged = await prism.request(request, found)();
    const where = `${method} ${path}`;
    if (judged._tag === 'Left') {
      violations.push(`${where}: ${judged.left.message}`);
      return { status: 404, body: { message: 'Not Found' } };
    }
    const { output, validations } = judged.right;
    for (const { message } of validations.input) violations.push(`${where}: ${message}`);
    // A failure that the document does not speak of is a warning.
    for (const { message, severity } of validations.output) if (severity === 0) violations.push(`${where}, the answer: ${message}`);
    return { status: output.statusCode, headers: output.headers, body: output.body };
  };
}

/** The document with these paths alone, and what they refer to. */
function pick(document: Document, paths: string[]): Document {
  const { openapi, swagger, info, security, securityDefinitions, consumes, produces } = document;
  const head = openapi ? { openapi } : { swagger, securityDefinitions, consumes, produces };
  const picked: Document = { ...head, info, ...(security ? { security } : {}), paths: {} };
  const take = (from: unknown): void => {
    if (typeof from !== 'object' || from === null) return;
    for (const [key, value] of Object.entries(from)) {
      if (key === '$ref' && typeof value === 'string') takeRef(value.slice(2).split('/'));
      else take(value);
    }
  };
  const takeRef = (keys: string[]): void => {
    let source: Record<string, unknown> = document;
    let target: Record<string, unknown> = picked;
    for (const key of keys.slice(0, -1)) {
      source = source[key] as Record<string, unknown>;
      target[key] ??= {};
      target = target[key] as Record<string, unknown>;
    }
    const last = keys.at(-1) ?? '';
    if (last in target) return;
    target[last] = source[last];
    take(source[last]);
  };
  for (const path of paths) {
    if (!(path in document.paths)) throw new Error(`the document has no path ${path}`);
    picked.paths[path] = document.paths[path];
    take(document.paths[path]);
  }
  return picked;
}
