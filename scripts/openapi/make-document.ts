import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { apiKey, organization } from '#lib/http/wire/account.ts';
import { auditEvent } from '#lib/http/wire/audit.ts';
import { job } from '#lib/http/wire/job.ts';
import { problem } from '#lib/http/wire/problem.ts';
import { project } from '#lib/http/wire/project.ts';
import { delivery, webhookEndpoint } from '#lib/http/wire/webhook.ts';
import { type Route, readRoutes } from './read-routes.ts';

const PARAM = /\{(\w+)\}/g;

/** `getProjectsProjectIdJobs`: unique, because method and path are. */
const operationId = ({ method, path }: Route): string =>
  method.toLowerCase() +
  path
    .replace('/api/v1', '')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** The schema of the path: what the route parses, and a plain id for what it leaves to the access check. */
function pathParams({ path, description }: Route): z.ZodObject | undefined {
  const names = [...path.matchAll(PARAM)].flatMap(([, name]) => (name ? [name] : []));
  const known = description.params instanceof z.ZodObject ? description.params.shape : {};
  // A handler that stands at two paths may take for optional what this path always has.
  return names.length > 0 ? z.object(Object.fromEntries(names.map((name) => [name, z.nonoptional(known[name] ?? z.string())]))) : undefined;
}

function responses({ description: { answer, mediaTypes = ['application/json'], refusal, status = 200 } }: Route): ZodOpenApiResponsesObject {
  const refused = {
    description: 'Refused or failed; `code` says why.',
    content: { [refusal === problem ? 'application/problem+json' : 'application/json']: { schema: refusal } },
  };
  const done = answer
    ? { [`${status as 200}`]: { description: 'Done.', content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: answer }])) } }
    : { '204': { description: 'Done; there is no body.' } };
  return { ...done, default: refused } as ZodOpenApiResponsesObject;
}

function operation(route: Route): ZodOpenApiOperationObject {
  const { access, query, body } = route.description;
  const path = pathParams(route);
  return {
    operationId: operationId(route),
    tags: [route.path.split('/')[3] ?? ''],
    ...(access === null ? { security: [] } : { description: `Needs the right \`${access}\`.` }),
    requestParams: { ...(path && { path }), ...(query instanceof z.ZodObject && { query }) },
    ...(body && { requestBody: { required: !body.safeParse({}).success, content: { 'application/json': { schema: body } } } }),
    responses: responses(route),
  };
}

/** The OpenAPI 3.1 document of the API, made from the schemas that the handlers parse with. */
export async function makeDocument(): Promise<ReturnType<typeof createDocument>> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of await readRoutes()) paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title: 'Rekey', version: '1', description: 'Changes database passwords without locking anyone out, and proves it.' },
      servers: [{ url: '/' }],
      security: [{ apiKey: [] }],
      components: {
        schemas: {
          ApiKey: apiKey,
          AuditEvent: auditEvent,
          Delivery: delivery,
          Job: job,
          Organization: organization,
          Problem: problem,
          Project: project,
          WebhookEndpoint: webhookEndpoint,
        },
        securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer rk_live_…`.' } },
      },
      paths,
    },
    {
      override: ({ jsonSchema, io }) => {
        // Clients must take answers that have grown a field.
        if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    },
  );
}
