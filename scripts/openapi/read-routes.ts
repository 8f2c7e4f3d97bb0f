import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DescribedHandler, RouteDescription } from '#lib/http/define-route.ts';
import { root } from '#scripts/run-tool.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export interface Route {
  method: (typeof METHODS)[number];
  /** As OpenAPI writes it: `/api/v1/projects/{projectId}`. */
  path: string;
  handler: DescribedHandler;
  description: RouteDescription;
}

const pathOf = (file: string): string =>
  `/${dirname(file)
    .replace(/^app\//, '')
    .replaceAll('[', '{')
    .replaceAll(']', '}')}`;

/** Every described route of the API, in the order of their paths: a fixed one before a parameter in its place. Reads the handlers themselves. */
export async function readRoutes(): Promise<Route[]> {
  // The one that answers with the document cannot be asked before the document is made.
  const files = globSync('app/api/v1/**/route.ts', { cwd: root, exclude: ['**/openapi.json/**'] }).sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
  const modules = await Promise.all(files.map(async (file) => ({ file, exported: await import(pathToFileURL(join(root, file)).href) })));
  return modules.flatMap(({ file, exported }) =>
    METHODS.flatMap((method) => {
      const handler = exported[method] as DescribedHandler | undefined;
      return handler && 'description' in handler ? [{ method, path: pathOf(file), handler, description: handler.description }] : [];
    }),
  );
}
