import { z } from 'zod';
import { authorize } from '#lib/access/authorize.ts';
import type { Action } from '#lib/access/rights.ts';
import { auditRefusals } from '#lib/audit/audit-refusals.ts';
import { resolveContext } from '#lib/auth/resolve-context.ts';
import { problem } from '#lib/contract/problem.ts';
import { answerOnce } from '#lib/idempotency/answer-once.ts';
import type { Context, Origin } from '#lib/kernel/context.ts';
import { DomainError, invalidField } from '#lib/kernel/errors.ts';
import { readOrigin } from '#lib/kernel/read-origin.ts';
import { requestLimit } from '#lib/limits/limits.ts';
import { takeFromLimit } from '#lib/limits/take-from-limit.ts';
import { answerRequest } from './answer-request.ts';
import { inCapydbTerms, isCapydb, withoutUnknown } from './capydb.ts';
import { type FileFormat, mediaTypes } from './file-response.ts';
import { countStranger, withAllowance } from './limit-requests.ts';
import { parseInput } from './parse-input.ts';
import { problemResponse } from './problem.ts';
import { readBody, readJson } from './read-body.ts';

/** Runs a request; a POST with an Idempotency-Key only once, however often it is sent. A refusal counts as its answer. */
async function answerRepeatable(
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

export const NOTHING = z.object({});
export type Schema = z.ZodType;
export type Handler = (request: Request, segment: { params: Promise<unknown> }) => Promise<Response>;

/** What a request must be: who may send it, and its parts. */
export interface Wanted<P extends Schema, Q extends Schema, B extends Schema> {
  access: Action;
  params?: P;
  query?: Q;
  body?: B;
  answer?: Schema | null;
  /** A field that is not known is refused to every client: a misspelled one must not rotate without what it asks for. */
  isExact?: boolean;
}

/** What a route takes and gives, by the very schemas it parses with: the OpenAPI document is made of these. */
export interface RouteDescription {
  /** Null for a route that needs no sign-in. */
  access: Action | null;
  params?: Schema;
  query?: Schema;
  body?: Schema;
  answer: Schema | null;
  /** The media type of the response, if it is not JSON. */
  mediaTypes?: string[];
  status?: number;
  /** How it refuses. */
  refusal: Schema;
}

/** A handler that carries its own description. */
export type DescribedHandler = Handler & { description: RouteDescription };

interface Shapes<P extends Schema, Q extends Schema, B extends Schema, A extends Schema> {
  params?: P;
  query?: Q;
  body?: B;
  /** What leaves is parsed with it, so an unknown field cannot; null: 204, no body. */
  answer: A | null;
  status?: 200 | 201 | 202;
  /** Where the status depends on what is answered. */
  statusOf?: (value: z.output<A>) => number;
}

export interface Parsed<P extends Schema, Q extends Schema, B extends Schema> {
  params: z.infer<P>;
  query: z.infer<Q>;
  body: z.infer<B>;
}

interface RouteSpec<P extends Schema, Q extends Schema, B extends Schema, A extends Schema> extends Shapes<P, Q, B, A> {
  access: Action;
  isExact?: boolean;
  handle: (context: Context, input: Parsed<P, Q, B>, request: Request) => Promise<z.input<A>>;
}

interface PublicSpec<P extends Schema, Q extends Schema, B extends Schema, A extends Schema> extends Shapes<P, Q, B, A> {
  handle: (origin: Origin, input: Parsed<P, Q, B>) => Promise<z.input<A>>;
}

const exact = <Q extends Schema>(query: Q): Q => (query instanceof z.ZodObject ? (query.strict() as Schema as Q) : query);

/** A list refuses a query parameter that it does not know: one that was meant to filter must not be ignored. */
function queryOf(query: Schema = NOTHING, answer: Schema | null | undefined): Schema {
  const isList = answer instanceof z.ZodObject && Object.values(answer.shape).some((field) => field instanceof z.ZodArray);
  return isList ? exact(query) : query;
}

/** The query by name. Where unknown names are refused, one that is given twice is too: it would count once. */
function readQuery(request: Request, schema: Schema): Record<string, string> {
  const given = [...new URL(request.url).searchParams];
  const query = Object.fromEntries(given);
  const isExact = schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever;
  const [twice] = isExact ? given.map(([name]) => name).filter((name, index, names) => names.indexOf(name) < index) : [];
  if (twice !== undefined) throw invalidField(twice, 'Give this parameter once.');
  return query;
}

/** Params, query and body as their schemas have them. Throws validation_failed. */
export async function parseAll<P extends Schema, Q extends Schema, B extends Schema>(
  spec: Omit<Wanted<P, Q, B>, 'access'>,
  request: Request,
  params: unknown,
): Promise<Parsed<P, Q, B>> {
  const query = queryOf(spec.query, spec.answer);
  return {
    params: parseInput(spec.params ?? NOTHING, params ?? {}) as z.infer<P>,
    query: parseInput(query, readQuery(request, query)) as z.infer<Q>,
    body: (spec.body ? parseInput(spec.body, await readBodyFor(spec, request)) : {}) as z.infer<B>,
  };
}

async function readBodyFor({ body: schema, isExact }: Pick<Wanted<Schema, Schema, Schema>, 'body' | 'isExact'>, request: Request): Promise<unknown> {
  const body = await readJson(request);
  return schema && !isExact && isCapydb(request) ? withoutUnknown(schema, body) : body;
}

function answer<A extends Schema>(
  spec: Pick<Shapes<Schema, Schema, Schema, A>, 'answer' | 'status' | 'statusOf'>,
  value: z.input<A>,
  request: Request,
): Response {
  if (spec.answer === null) return new Response(null, { status: 204 });
  const parsed = spec.answer.parse(value);
  return Response.json(isCapydb(request) ? inCapydbTerms(parsed) : parsed, { status: spec.statusOf?.(parsed) ?? spec.status ?? 200 });
}

/**
 * What every handler with a login does, in whichever dialect: finds out who asks, whether they may (params named
 * organizationId and projectId are checked too), parses what they sent, and lets `respond` answer.
 */
export function answerAuthorized<P extends Schema, Q extends Schema, B extends Schema>(
  spec: Wanted<P, Q, B>,
  respond: (context: Context, input: Parsed<P, Q, B>, request: Request) => Promise<Response>,
  refuse = problemResponse,
): Handler {
  return (request, segment) =>
    answerRequest(
      request,
      async (requestId) => {
        const context = await resolveContext(request, requestId).catch(countStranger(request));
        const allowance = await takeFromLimit(requestLimit(context.actor));
        const params = (await segment.params) as { organizationId?: string; projectId?: string } | undefined;
        const run = async (received: Request) => respond(context, await parseAll(spec, received, params), received);
        const response = await auditRefusals(context, { right: spec.access, projectId: params?.projectId }, () => {
          authorize(context, spec.access, params);
          return answerRepeatable(context, request, run, (error) => refuse(error, requestId));
        });
        return withAllowance(response, allowance);
      },
      refuse,
    );
}

/** A route handler: parses what is asked, calls the verb, parses what it gave, and tells failures as problems. */
export function defineRoute<A extends Schema, P extends Schema = typeof NOTHING, Q extends Schema = typeof NOTHING, B extends Schema = typeof NOTHING>(
  spec: RouteSpec<P, Q, B, A>,
): DescribedHandler {
  const handler = answerAuthorized(spec, async (context, input, request) => answer(spec, await spec.handle(context, input, request), request));
  return Object.assign(handler, { description: { ...spec, refusal: problem } });
}

interface FileSpec<P extends Schema, Q extends Schema> extends Wanted<P, Q, typeof NOTHING> {
  formats: readonly FileFormat[];
  handle: (context: Context, input: Parsed<P, Q, typeof NOTHING>) => Promise<Response>;
}

/** Returns a route handler that responds with a file; see file-response.ts. */
export function defineFileRoute<P extends Schema = typeof NOTHING, Q extends Schema = typeof NOTHING>(spec: FileSpec<P, Q>): DescribedHandler {
  const { formats, handle, ...shapes } = spec;
  // As in a list: a filter that is ignored would export everything.
  const wanted = { ...shapes, ...(spec.query && { query: exact(spec.query) }) };
  const description = { ...wanted, answer: z.string(), mediaTypes: mediaTypes(formats), refusal: problem };
  return Object.assign(answerAuthorized(wanted, handle), { description });
}

/** A route handler that asks for no login. */
export function definePublicRoute<A extends Schema, P extends Schema = typeof NOTHING, Q extends Schema = typeof NOTHING, B extends Schema = typeof NOTHING>(
  spec: PublicSpec<P, Q, B, A>,
): DescribedHandler {
  const handler: Handler = (request, segment) =>
    answerRequest(request, async (requestId) => {
      const input = await parseAll(spec, request, await segment.params);
      return answer(spec, await spec.handle(readOrigin(request.headers, requestId), input), request);
    });
  return Object.assign(handler, { description: { ...spec, access: null, refusal: problem } });
}
