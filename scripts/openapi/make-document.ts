import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { apiKey, me, organization, status } from '#lib/contract/account.ts';
import { auditEvent } from '#lib/contract/audit.ts';
import { campaign } from '#lib/contract/campaign.ts';
import { consumer } from '#lib/contract/consumer.ts';
import { integration } from '#lib/contract/integration.ts';
import { job } from '#lib/contract/job.ts';
import { departure, invitation, member } from '#lib/contract/member.ts';
import { problem } from '#lib/contract/problem.ts';
import { connections, project } from '#lib/contract/project.ts';
import { vectorApiKey, vectorEvent } from '#lib/contract/vector/account.ts';
import { deployment } from '#lib/contract/vector/deployment.ts';
import { vectorError } from '#lib/contract/vector/envelope.ts';
import { secret } from '#lib/contract/vector/secret.ts';
import { environment, site } from '#lib/contract/vector/site.ts';
import { vectorWebhook } from '#lib/contract/vector/webhook.ts';
import { delivery, webhookEndpoint } from '#lib/contract/webhook.ts';
import { nameOperation, summarizeOperation, tagOf, tags } from './name-operation.ts';
import { type Route, readRoutes } from './read-routes.ts';

const PARAM = /\{(\w+)\}/g;

const count = (description: string) => ({ description, schema: { type: 'integer' as const, format: 'int32', minimum: 0, maximum: 2 ** 31 - 1 } });
/** What is left of the limit of a key or a session. */
const LIMIT_HEADERS = {
  'X-RateLimit-Limit': count('How many requests a minute are allowed.'),
  'X-RateLimit-Remaining': count('How many of them are left.'),
  'X-RateLimit-Reset': count('Seconds until all of them are allowed again.'),
};

/** The schema of the path: what the route parses, and a plain id for what it leaves to the access check. */
function pathParams({ path, description }: Route): z.ZodObject | undefined {
  const names = [...path.matchAll(PARAM)].flatMap(([, name]) => (name ? [name] : []));
  const known = description.params instanceof z.ZodObject ? description.params.shape : {};
  // A handler that stands at two paths may take for optional what this path always has.
  return names.length > 0 ? z.object(Object.fromEntries(names.map((name) => [name, z.nonoptional(known[name] ?? z.string())]))) : undefined;
}

/** What each status of a refusal means. `code` says more. */
const REFUSALS = {
  400: 'The request cannot be read.',
  401: 'The API key or the session is missing or invalid.',
  403: 'The key or the member may not do this.',
  404: 'Nothing with that id is visible to the caller.',
  409: 'There is a conflict, such as a rotation in progress. Nothing was changed.',
  422: 'A field is wrong; `errors` names it. Nothing was changed.',
  429: 'Too many requests. `Retry-After` says how many seconds to wait.',
  500: 'Internal error.',
  503: "Rekey's own database takes no writes, or did not answer. `Retry-After` says how many seconds to wait.",
};

/** The statuses a route may refuse with: by what it takes, and whether it changes something. */
function refusalsOf({ method, path, description: { access, params, body, query } }: Route): (keyof typeof REFUSALS)[] {
  const takes = params !== undefined || body !== undefined || query !== undefined;
  return [
    ...(body ? ([400] as const) : []),
    ...(access === null ? [] : ([401, 403] as const)),
    ...(path.includes('{') ? ([404] as const) : []),
    ...(method === 'GET' ? [] : ([409] as const)),
    ...(takes ? ([422] as const) : []),
    429,
    500,
    503,
  ];
}

/** The headers of a response with this status. The limit is included once the caller has been authenticated and authorized. */
function headersOf({ description: { access } }: Route, code: string) {
  if (code === '429' || code === '503') return { 'Retry-After': count('Seconds to wait.') };
  return access === null || ['401', '403', '500'].includes(code) ? {} : LIMIT_HEADERS;
}

function responses(route: Route): ZodOpenApiResponsesObject {
  const { answer, mediaTypes = ['application/json'], refusal, status: success = 200 } = route.description;
  const content = { [refusal === problem ? 'application/problem+json' : 'application/json']: { schema: refusal } };
  const done = answer
    ? { [`${success as 200}`]: { description: 'Done.', content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: answer }])) } }
    : { '204': { description: 'Done; there is no body.' } };
  const refused = Object.fromEntries(refusalsOf(route).map((code) => [String(code), { description: REFUSALS[code], content }]));
  const described = Object.fromEntries(
    Object.entries<object>({ ...done, ...refused }).map(([code, response]) => [code, { ...response, headers: headersOf(route, code) }]),
  );
  return { ...described, default: { description: 'Refused or failed; `code` says why.', content } } as ZodOpenApiResponsesObject;
}

function operation(route: Route): ZodOpenApiOperationObject {
  const { access, query, body } = route.description;
  const path = pathParams(route);
  return {
    operationId: nameOperation(route),
    summary: summarizeOperation(route),
    tags: [tagOf(route.path)],
    description: access === null ? 'Needs no API key.' : `Needs the right \`${access}\`.`,
    ...(access === null && { security: [] }),
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
      info: {
        title: 'Rekey',
        version: '1',
        description: 'Changes database passwords without locking anyone out, and proves it.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/', 'x-internal': false }],
      tags,
      security: [{ apiKey: [] }],
      components: {
        schemas: {
          ApiKey: apiKey,
          AuditEvent: auditEvent,
          Campaign: campaign,
          Connections: connections,
          Consumer: consumer,
          Delivery: delivery,
          Departure: departure,
          Deployment: deployment,
          Environment: environment,
          Integration: integration,
          Invitation: invitation,
          Job: job,
          Me: me,
          Member: member,
          Organization: organization,
          Problem: problem,
          Project: project,
          Secret: secret,
          Site: site,
          SitesApiKey: vectorApiKey,
          SitesEvent: vectorEvent,
          SitesProblem: vectorError,
          SitesWebhook: vectorWebhook,
          Status: status,
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
        // Beyond 2^53 no number leaves or enters.
        if (jsonSchema.type === 'integer') jsonSchema.format ??= 'int64';
        // A record of known keys: zod requires the keys without describing them.
        const { required, properties, additionalProperties } = jsonSchema;
        if (required && !properties && typeof additionalProperties === 'object')
          jsonSchema.properties = Object.fromEntries(required.map((name) => [name, additionalProperties]));
      },
    },
  );
}
