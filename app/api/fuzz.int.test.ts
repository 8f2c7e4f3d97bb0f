// Whatever is sent, an answer is a refusal that names what is wrong, never a failure of ours, and nothing changes.
// `npm run fuzz` tries 5,000 cases a route.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { db } from '#lib/kernel/db.ts';
import { readRoutes } from '#scripts/openapi/read-routes.ts';
import { call, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';

// Limits are not what is tried here; lib/kernel/env.ts reads this when it is first imported.
vi.hoisted(() => {
  process.env.REKEY_RATE_LIMIT = '100000000';
});

const numRuns = Number(process.env.FUZZ_RUNS ?? 15);

const routes = (await readRoutes()).map((route) => ({ ...route, name: `${route.method} ${route.path}` }));
let organizationId: string;
let headers: Record<string, string>;
let before: string;

/** How many rows each table of the organization has, but for its audit log and the limits. */
async function countRows(): Promise<string> {
  const tables = await db.$queryRaw<{ name: string }[]>`
    SELECT table_name::text AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'organization_id' AND table_name NOT LIKE 'audit%' ORDER BY 1`;
  const counts = [];
  for (const { name } of tables)
    counts.push(await db.$queryRawUnsafe(`SELECT '${name}' AS name, count(*)::int FROM "${name}" WHERE organization_id = $1`, organizationId));
  return JSON.stringify(counts);
}

beforeAll(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
  before = await countRows();
});
afterAll(async () => {
  expect(await countRows()).toBe(before);
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', ' ', '\0', '..', '%00', '%2e%2e', "'; DROP TABLE projects; --", '𝕏'.repeat(300), '-1', '1e999'),
);
const value = fc.oneof({ weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }) }, { weight: 1, arbitrary: text });
const record = (keys: string[]) => fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] });

/** No body at all counts as `{}`, so a blank text may be a good one. */
const isBad = (schema: z.ZodType, body: unknown): boolean => !schema.safeParse(typeof body === 'string' && body.trim() === '' ? {} : body).success;
const keysOf = (schema: z.ZodType | undefined): string[] => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []);
/** A body of the right names with anything in them, or anything at all, or no JSON. */
function bodyFor(schema: z.ZodType) {
  const named = record([...keysOf(schema), '__proto__', 'constructor']);
  // Some bodies may hold any field: among those of the right names there is hardly a bad one to be found.
  const isTolerant = !fc.sample(named, 100).some((body) => isBad(schema, body));
  return fc.oneof(
    ...(isTolerant ? [] : [{ weight: 5, arbitrary: named.filter((body) => isBad(schema, body)) }]),
    { weight: 2, arbitrary: fc.jsonValue().filter((body) => isBad(schema, body)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '{',
        '{"a":',
        'null,',
        '\u{FEFF}[1',
        '[[[[',
        '['.repeat(200_000) + ']'.repeat(200_000),
        `{"name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
        `"${'x'.repeat(2_000_000)}"`,
      ),
    },
  );
}

describe.each(routes)('$name', ({ handler, method, path, description }) => {
  const names = [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
  const { body: bodySchema, query } = description;
  const params = fc.record(Object.fromEntries(names.map((name) => [name, name === 'organizationId' ? fc.constant('ours') : text])));

  it('answers anything with a refusal', async () => {
    const body = bodySchema ? bodyFor(bodySchema) : fc.constant(undefined);
    const search = query ? record(keysOf(query)) : fc.constant({});
    await fc.assert(
      fc.asyncProperty(params, body, search, async (some, sent, asked) => {
        const own = { ...some, ...('organizationId' in some && { organizationId }) };
        const words = new URLSearchParams(Object.entries(asked).map(([key, one]) => [key, typeof one === 'string' ? one.toWellFormed() : JSON.stringify(one)]));
        const answer = await call(handler, {
          method,
          params: own as Record<string, string>,
          path: `/api/v1/x?${words}`,
          headers,
          ...(method !== 'GET' && { body: sent === undefined ? {} : sent }),
        });
        expect(answer.status).toBeLessThan(500);
        expect(answer.status).not.toBe(429);
        if (names.some((name) => name !== 'organizationId') || bodySchema) expect(answer.status).toBeGreaterThanOrEqual(400);
        if (answer.status >= 400) expect(answer.body).toMatchObject({ request_id: expect.any(String), code: expect.any(String) });
      }),
      { numRuns },
    );
  });
});
