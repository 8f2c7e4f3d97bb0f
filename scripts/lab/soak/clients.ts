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

interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: looks into any answer
  body: any;
}

export class Clients {
  /** Answers that nobody should get. */
  readonly odd: string[] = [];
  asked = 0;
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
    if (status !== 200 && status !== 202 && status !== 409 && !(isReset && status >= 500)) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    if (!isReset && body?.job?.id) await this.#follow(body.job.id);
    if (isReset && this.#random.next() < 0.8) await this.#send('POST', `/api/v1/vector/environments/${environmentId}/deployments`, { mark_as_deployed: true });
  }

  /** Asks after a job until it has ended, or nobody can say which password works. */
  async #follow(jobId: string): Promise<void> {
    const end = Date.now() + GIVE_UP_MS;
    while (Date.now() < end && !this.#isOver) {
      const { body } = await this.#send('GET', `/api/v1/jobs/${jobId}`);
      const state = body?.job?.state;
      if (state === 'completed' || state === 'failed' || body?.job?.rotation?.state === 'needs_attention') return;
      await delay(AGAIN_MS);
    }
  }

  /** Sends to one web server after the other until one answers, with the same key, so that it is done once. */
  async #send(method: string, path: string, body?: object): Promise<Answer> {
    const key = randomUUID();
    for (let tries = 0; ; tries++) {
      const url = this.#urls[(tries + Math.floor(this.#random.next() * this.#urls.length)) % this.#urls.length];
      try {
        const response = await fetch(`${url}${path}`, {
          method,
          headers: { ...this.#headers, connection: 'close', ...(body && { 'content-type': 'application/json', 'idempotency-key': key }) },
          ...(body && { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(60_000),
        });
        const text = await response.text();
        // The store is down, or the same request is still being answered by a server that died.
        const isUnsettled = response.status >= 500 || (response.status === 409 && text.includes('idempotency'));
        if (!isUnsettled || tries > 100) return { status: response.status, body: text === '' ? null : JSON.parse(text) };
      } catch (error) {
        if (tries > 200) throw error;
      }
      await delay(AGAIN_MS);
    }
  }
}
