// An HTTP server on loopback that plays a provider, keeps what it is asked, and breaks in the ways that providers do.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provider } from '#lib/contract/providers/providers.ts';
import type { FoundPlace } from '#lib/integrations/integration.ts';

export interface Asked {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: http.IncomingHttpHeaders;
  /** The parsed JSON; undefined where there is no body. */
  body: unknown;
}

export interface Told {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/**
 * What goes wrong with a request. Only after `lost`, `stalled_body` and `huge` has the provider done what it was asked:
 * `lost` cuts the connection instead of answering, `stalled_body` begins the answer and goes no further, `huge` answers
 * rightly after 10 MB of blanks.
 */
export type Fault =
  | { kind: 'reset' | 'hang' | 'lost' | 'stalled_body' | 'garbage' | 'huge' }
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: unknown }
  /** Vercel alone: answers 201, and puts the variables of these names into `failed[]` without taking them. */
  | { kind: 'partial'; names: string[]; code: string };

export interface Deployment {
  id: string;
  /** The place's externalId. */
  place: string;
  by: 'hook' | 'api';
  body: unknown;
}

export interface ProviderFake {
  provider: Provider;
  url: string;
  /** A token that may do everything, and one that may only look. */
  token: string;
  readOnlyToken: string;
  /** The place that is there from the start. */
  place: FoundPlace;
  /** One more place, so that tests need not share one. */
  addPlace(name: string): FoundPlace;
  /** Takes a place away. */
  removePlace(externalId: string): void;
  /** The values held for one target, by variable name, those that nobody can read as well. */
  held(externalId: string, target: string): Record<string, string>;
  /** Puts a variable as a person would who changes it there: readable, for one target or several. */
  hold(externalId: string, targets: string[], name: string, value: string): void;
  deployments: Deployment[];
  requests: Asked[];
  /** What broke the provider's own API document: a request of ours, or an answer of the fake. */
  violations: string[];
  /** The next `times` requests fail so; Infinity until recover(). */
  fail(fault: Fault, times?: number): void;
  recover(): void;
  stop(): Promise<void>;
}

type Handler = (asked: Asked, fault: Fault | undefined) => Told | Promise<Told>;
export type FakeServer = Pick<ProviderFake, 'url' | 'requests' | 'fail' | 'recover' | 'stop'>;

const HUGE_BYTES = 10 * 1024 * 1024;

/** Serves a provider on loopback, on a free port where none is given; `handle` does what the provider would do with a request. */
export async function startFakeProvider(handle: Handler, port = 0): Promise<FakeServer> {
  const requests: Asked[] = [];
  const faults: { fault: Fault; times: number }[] = [];
  const takeFault = (): Fault | undefined => {
    const first = faults[0];
    if (!first) return undefined;
    first.times -= 1;
    if (first.times === 0) faults.shift();
    return first.fault;
  };

  const server = http.createServer(async (request, response) => {
    const asked = await read(request);
    requests.push(asked);
    const fault = takeFault();
    switch (fault?.kind) {
      case 'reset':
        return request.socket.resetAndDestroy();
      case 'hang':
        return;
      case 'answer':
        return tell(response, fault);
      case 'garbage':
        return void response.writeHead(200, { 'content-type': 'application/json' }).end('<html>Sign in to the network</html>');
      case 'lost':
        await handle(asked, fault);
        return request.socket.resetAndDestroy();
      case 'huge': {
        const { status, headers, body } = await handle(asked, fault);
        const padding = Buffer.alloc(HUGE_BYTES, ' ');
        return void response
          .writeHead(status, { 'content-type': 'application/json', ...headers })
          .end(Buffer.concat([padding, Buffer.from(JSON.stringify(body ?? null))]));
      }
      case 'stalled_body': {
        const { status, headers } = await handle(asked, fault);
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).write('{');
        return;
      }
      case 'partial':
      case undefined:
        return tell(response, await handle(asked, fault));
      default:
        return fault satisfies never;
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail: (fault, times = 1) => void faults.push({ fault, times }),
    recover: () => void faults.splice(0),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(request: http.IncomingMessage): Promise<Asked> {
  let text = '';
  for await (const chunk of request) text += chunk;
  const url = new URL(request.url ?? '/', 'http://provider.invalid');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

function tell(response: http.ServerResponse, { status, headers, body }: Told): void {
  response.writeHead(status, { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
