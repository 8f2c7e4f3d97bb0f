// The handlers of the API behind a real HTTP server: for clients that speak HTTP and know nothing else.
import { once } from 'node:events';
import http from 'node:http';
import { Readable } from 'node:stream';
import { answerUnknown, answerUnknownVector } from '#lib/http/answer-unknown.ts';
import { type Route, readRoutes } from '#scripts/openapi/read-routes.ts';
import { matchPath } from './match-path.ts';

export interface ServedApi {
  /** Every route that is served, as `GET /api/v1/…`. */
  routes: string[];
  /** Those that were asked. */
  asked: Set<string>;
  stop: () => Promise<void>;
}

const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

/** Serves on that port of loopback, as Next would but without its proxy. */
export async function serveApi(port: number): Promise<ServedApi> {
  const routes = await readRoutes();
  const asked = new Set<string>();
  const answer = (request: Request): Promise<Response> => {
    // As the rewrite does: the request itself keeps the address that was asked.
    const pathname = new URL(request.url).pathname.replace('/api/capydb/v1/', '/api/v1/');
    for (const route of routes) {
      const params = route.method === request.method ? matchPath(route.path, pathname) : null;
      if (!params) continue;
      asked.add(nameOf(route));
      return route.handler(request, { params: Promise.resolve(params) });
    }
    return pathname.startsWith('/api/v1/vector/') ? answerUnknownVector(request) : answerUnknown(request);
  };
  const server = http.createServer(async (incoming, outgoing) => {
    const body = incoming.method === 'GET' ? null : (Readable.toWeb(incoming) as ReadableStream);
    const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value]));
    const request = new Request(`http://127.0.0.1:${port}${incoming.url}`, { method: incoming.method ?? 'GET', headers, body, duplex: 'half' } as RequestInit);
    const response = await answer(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    routes: routes.map(nameOf),
    asked,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
