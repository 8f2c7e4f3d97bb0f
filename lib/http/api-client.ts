import { z } from 'zod';
import { type ProblemWire, problem } from '#lib/http/wire/problem.ts';
import { vectorError } from '#lib/http/wire/vector/envelope.ts';

/** A refusal of the API, or no answer at all (`status` 0, code `no_answer`). Its message is the sentence to show. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** Messages by field of the body. */
  readonly errors: Record<string, string[]>;
  /** The job that is in the way. */
  readonly jobId: string | null;
  readonly requestId: string | null;

  constructor(from: Pick<ProblemWire, 'status' | 'code' | 'detail'> & Partial<ProblemWire>) {
    super(from.detail);
    this.name = 'ApiProblem';
    this.status = from.status;
    this.code = from.code;
    this.detail = from.detail;
    this.errors = from.errors ?? {};
    this.jobId = from.job_id ?? null;
    this.requestId = from.request_id ?? null;
  }
}

/** How a client reaches Rekey, and what it says where there is no usable answer. */
export interface Transport {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** The sentence for a request that failed with `error`. */
  noAnswer: (error: unknown, method: string) => string;
  /** The sentence for an answer with that HTTP status that is not one of Rekey's. */
  oddAnswer: (status: number) => string;
}

const pageTransport: Transport = {
  fetch: (url, init) => fetch(url, init),
  noAnswer: () => 'Rekey did not answer. It is not known whether anything changed; reload before you repeat it.',
  oddAnswer: () => 'Rekey answered in an unexpected way. Reload the page.',
};

/** A refusal in either dialect. */
const refusal = z.union([problem, vectorError.transform(({ http_status: status, ...rest }) => ({ ...rest, status }))]);

async function request(transport: Transport, url: string, init: RequestInit): Promise<unknown> {
  const answer = await transport.fetch(url, { cache: 'no-store', ...init }).catch((error: unknown) => {
    // Given up by the page itself: no failure to tell.
    if (init.signal?.aborted) throw error;
    throw new ApiProblem({ status: 0, code: 'no_answer', detail: transport.noAnswer(error, init.method ?? 'GET') });
  });
  if (answer.status === 204) return undefined;
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return body;
  throw new ApiProblem(refusal.safeParse(body).data ?? oddAnswer(transport, answer.status));
}

const oddAnswer = (transport: Transport, status: number) => new ApiProblem({ status, code: 'unexpected_answer', detail: transport.oddAnswer(status) });

function parse<S extends z.ZodType>(transport: Transport, schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw oddAnswer(transport, 200);
  return parsed.data;
}

export interface ApiClient {
  /**
   * Reads from the API; `path` stands under `/api/v1`, such as `/projects`.
   * @throws {ApiProblem}
   */
  get<S extends z.ZodType>(path: string, schema: S, signal?: AbortSignal): Promise<z.infer<S>>;
  /**
   * Sends to the API. For an answer without a body (204) give `z.undefined()`.
   * @throws {ApiProblem}
   */
  send<S extends z.ZodType>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body: unknown, schema: S): Promise<z.infer<S>>;
}

/** Mends what a request was refused for; true where it is worth sending again. */
type Mend = (problem: ApiProblem) => Promise<boolean>;

/** A client of the API at `base`, such as `https://rekey.example.com/api/v1`; `headers` go with every request. */
export function createApiClient(
  base: string,
  headers: Record<string, string> = {},
  mend: Mend = async () => false,
  transport: Transport = pageTransport,
): ApiClient {
  const ask = (path: string, init: RequestInit): Promise<unknown> => {
    const send = () => request(transport, `${base}${path}`, init);
    return send().catch(async (error: unknown) => {
      if (error instanceof ApiProblem && (await mend(error))) return send();
      throw error;
    });
  };
  return {
    get: async (path, schema, signal) => parse(transport, schema, await ask(path, { headers, ...(signal && { signal }) })),
    send: async (method, path, body, schema) => {
      const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } };
      return parse(transport, schema, await ask(path, { method, headers, ...json }));
    },
  };
}

/** Asks the person at the page for their password; true once it was right. */
export type AskPerson = () => Promise<boolean>;

type Question = 'password' | 'sign_in';
const askers: Partial<Record<Question, AskPerson | null>> = {};
const asking: Partial<Record<Question, Promise<boolean>>> = {};

/** Says who asks the person at the page: for the password where a session is stale, to sign in again where it has ended; null: nobody. */
export function setAskPerson(question: Question, ask: AskPerson | null): void {
  askers[question] = ask;
}

/** However many requests are refused meanwhile, the person is asked once. */
async function askPerson({ code, status }: ApiProblem): Promise<boolean> {
  const question = code === 'reauthentication_required' ? 'password' : status === 401 ? 'sign_in' : null;
  const ask = question && askers[question];
  if (!question || !ask) return false;
  asking[question] ??= ask().finally(() => {
    delete asking[question];
  });
  return (await asking[question]) ?? false;
}

/** The client of the pages: the session's cookie goes with it, and a stale session is made fresh on the way. */
export const { get: apiGet, send: apiSend } = createApiClient('/api/v1', {}, askPerson);
