import type { z } from 'zod';
import type { ProblemWire } from './problem.ts';

/** An error response of the API, or no response at all (`status` 0, code `no_answer`). Its message can be shown as is. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** Messages by field of the body. */
  readonly errors: Record<string, string[]>;
  /** The job that blocks the request. */
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

/** A refusal in either dialect: the sites API has its status in `http_status`. Undefined for what is none. */
function readRefusal(body: unknown): (Partial<ProblemWire> & Pick<ProblemWire, 'status' | 'code' | 'detail'>) | undefined {
  const { status, http_status, code, detail, ...rest } = Object(body) as Record<string, unknown>;
  const given = status ?? http_status;
  if (typeof given !== 'number' || typeof code !== 'string' || typeof detail !== 'string') return undefined;
  return { ...rest, status: given, code, detail };
}

async function request(transport: Transport, url: string, init: RequestInit): Promise<unknown> {
  const answer = await transport.fetch(url, { cache: 'no-store', ...init }).catch((error: unknown) => {
    // Given up by the page itself: no failure to tell.
    if (init.signal?.aborted) throw error;
    throw new ApiProblem({ status: 0, code: 'no_answer', detail: transport.noAnswer(error, init.method ?? 'GET') });
  });
  if (answer.status === 204) return undefined;
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok && body !== undefined) return body;
  throw new ApiProblem(readRefusal(body) ?? oddAnswer(transport, answer.status));
}

const oddAnswer = (transport: Transport, status: number) => new ApiProblem({ status, code: 'unexpected_answer', detail: transport.oddAnswer(status) });

/** Removes the reason for a refusal, such as an ended session; true if the request is worth sending again. */
type Recover = (problem: ApiProblem) => Promise<boolean>;
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** The type of the answer that this schema describes; undefined where there is none (204). */
type Answer<S extends z.ZodType> = S extends z.ZodUndefined ? undefined : z.infer<S>;

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
  send<S extends z.ZodType>(method: Exclude<Method, 'GET'>, path: string, body: unknown, schema: S): Promise<z.infer<S>>;
}

type Ask = (method: Method, path: string, body?: unknown, signal?: AbortSignal) => Promise<unknown>;

/** Asks the API at `base`; `headers` go with every request. */
function askAt(base: string, headers: Record<string, string>, transport: Transport, recover: Recover = async () => false): Ask {
  return (method, path, body, signal) => {
    const json = body === undefined ? { headers } : { body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } };
    const send = () => request(transport, `${base}${path}`, { method, ...json, ...(signal && { signal }) });
    return send().catch(async (error: unknown) => {
      if (error instanceof ApiProblem && (await recover(error))) return send();
      throw error;
    });
  };
}

/** A client of the API at `base`, such as `https://rekey.example.com/api/v1`, that reads each answer by its schema. */
export function createApiClient(base: string, headers: Record<string, string>, transport: Transport): ApiClient {
  const ask = askAt(base, headers, transport);
  const read = <S extends z.ZodType>(schema: S, body: unknown): z.infer<S> => {
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw oddAnswer(transport, 200);
    return parsed.data;
  };
  return {
    get: async (path, schema, signal) => read(schema, await ask('GET', path, undefined, signal)),
    send: async (method, path, body, schema) => read(schema, await ask(method, path, body)),
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

const askFromPage = askAt('/api/v1', {}, pageTransport, askPerson);

/**
 * Reads from the API for a page: the session's cookie goes with it, and a stale session is made fresh on the way. This very
 * server has held the answer against its schema already: a page loads the type of it alone.
 * @throws {ApiProblem}
 */
export const apiGet = <S extends z.ZodType>(path: string, signal?: AbortSignal): Promise<Answer<S>> =>
  askFromPage('GET', path, undefined, signal) as Promise<Answer<S>>;

/**
 * Sends to the API for a page, as `apiGet` reads. Without a type the answer has no body (204).
 * @throws {ApiProblem}
 */
export const apiSend = <S extends z.ZodType = z.ZodUndefined>(method: Exclude<Method, 'GET'>, path: string, body?: unknown): Promise<Answer<S>> =>
  askFromPage(method, path, body) as Promise<Answer<S>>;
