// Clients of the API: each rotates one login after the other, by whichever web server answers.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '#scripts/torture/random.ts';
import type { SoakLogin } from './stage.ts';

const BODIES = [{}, {}, {}, { close_sessions: true }, { reason: 'routine' }] as const;
/** Of a request that no web server answered, and between two looks at a job. */
const AGAIN_MS = 300;
/** Longer than any job may take. */
const GIVE_UP_MS = 300_000;
/** Longer than the store is ever down, with its recovery on a busy machine, and than a web server takes to start again. */
const UNAVAILABLE_MS = 120_000;
/** Of one request in all, however it is answered: servers may be killed in the middle of it several times. */
const UNSETTLED_MS = 900_000;

interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: looks into any answer
  body: any;
}

export class Clients {
  /** Answers that nobody should get. */
  readonly odd: string[] = [];
  asked = 0;
  /** The longest that one request was repeated until it was answered. */
  longestWaitMs = 0;
  readonly #urls: string[];
  readonly #headers: Record<string, string>;
  readonly #logins: SoakLogin[];
  readonly #random: Random;
  readonly #busy = new Set<SoakLogin>();
  #isOver = false;
  #all: Promise<void>[] = [];

  constructor(options: { urls: string[]; headers: Record<string, string>; logins: SoakLogin[]; random: Random }) {
    this.#urls = options.urls;
    this.#headers = options.headers;
    this.#logins = options.logins;
    this.#random = options.random;
  }

  /** So many clients, each with such a rest between two rotations. */
  start(count: number, restMs: number): void {
    this.#all = Array.from({ length: count }, () => this.#work(restMs));
  }

  /** Lets each come to the end of what it has asked for. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#all);
  }

  async #work(restMs: number): Promise<void> {
    while (!this.#isOver) {
      const login = this.#random.pick(this.#logins);
      if (!this.#busy.has(login)) {
        this.#busy.add(login);
        await this.#change(login).catch((error: Error) => this.odd.push(error.message));
        this.#busy.delete(login);
      }
      await delay(this.#random.between(restMs / 2, restMs * 1.5));
    }
  }

  async #change(login: SoakLogin): Promise<void> {
    const { environmentId, projectId } = login;
    const isReset = environmentId !== undefined && this.#random.next() < 0.7;
    const path = isReset ? `/api/v1/vector/environments/${environmentId}/database/reset-password` : `/api/v1/projects/${projectId}/credentials/rotate`;
    const { status, body } = await this.#send('POST', path, isReset ? {} : this.#random.pick(BODIES));
    this.asked += 1;
    // One that failed, one that takes longer, and one that a sweep has begun are answers as well.
    if (status !== 200 && status !== 202 && status !== 409) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    if (!isReset && body?.job?.id) await this.#follow(body.job.id);
    if (isReset && this.#random.next() < 0.8) await this.#send('POST', `/api/v1/vector/environments/${environmentId}/deployments`, { mark_as_deployed: true });
  }

  /** Asks after a job until it has ended, or it is not known which password works. */
  async #follow(jobId: string): Promise<void> {
    const end = Date.now() + GIVE_UP_MS;
    while (Date.now() < end && !this.#isOver) {
      const { body } = await this.#send('GET', `/api/v1/jobs/${jobId}`);
      const state = body?.job?.state;
      if (state === 'completed' || state === 'failed' || body?.job?.rotation?.state === 'needs_attention') return;
      await delay(AGAIN_MS);
    }
  }

  /** Repeats a request with the same key, so that it is done once, until one of the web servers settles it; waits as docs/api.md says. */
  async #send(method: string, path: string, body?: object): Promise<Answer> {
    const headers = { ...this.#headers, connection: 'close', ...(body && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }) };
    const began = Date.now();
    let answeredAt = began;
    for (let tries = Math.floor(this.#random.next() * this.#urls.length); ; tries++) {
      const url = `${this.#urls[tries % this.#urls.length]}${path}`;
      const answer = await askOnce(url, { method, headers, ...(body && { body: JSON.stringify(body) }) }).catch((error: Error) => error);
      if (!(answer instanceof Error) && isSettled(answer)) {
        this.longestWaitMs = Math.max(this.longestWaitMs, Date.now() - began);
        if (answer.status >= 500) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
        return answer;
      }
      // The key of a request whose server was killed is free after two minutes; until then each repetition is told so.
      if (!(answer instanceof Error) && answer.status === 409) answeredAt = Date.now();
      const [silentMs, waitedMs] = [Date.now() - answeredAt, Date.now() - began];
      if (silentMs > UNAVAILABLE_MS || waitedMs > UNSETTLED_MS)
        throw new Error(`${method} ${path}: not settled for ${waitedMs} ms, not answered for ${silentMs} ms, at last ${wordsOf(answer)}`);
      await delay(answer instanceof Error ? AGAIN_MS : answer.retryMs);
    }
  }
}

const wordsOf = (answer: Answer | Error): string =>
  answer instanceof Error ? String(answer.cause ?? answer) : `${answer.status} ${JSON.stringify(answer.body)}`;

async function askOnce(url: string, init: RequestInit): Promise<Answer & { retryMs: number }> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(60_000) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text), retryMs: Number(response.headers.get('retry-after')) * 1_000 };
}

/** Not while the store is down, nor while a server that died is still said to be answering the same request. Both say how long to wait. */
const isSettled = ({ status, body, retryMs }: Answer & { retryMs: number }): boolean =>
  !(retryMs > 0) || !(status === 503 || (status === 409 && body?.code === 'idempotency_in_progress'));
