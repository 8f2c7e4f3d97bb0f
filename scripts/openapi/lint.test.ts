import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectral, { type RulesetDefinition } from '@stoplight/spectral-core';
import owasp from '@stoplight/spectral-owasp-ruleset';
import rulesets from '@stoplight/spectral-rulesets';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeDocument } from './make-document.ts';

// The types of both rule sets lack what a rule set must have, `extends`; hence the casts below.
let source: string;
beforeAll(async () => {
  source = JSON.stringify(await makeDocument());
});

async function lintWithSpectral(ruleset: RulesetDefinition, document = source): Promise<string[]> {
  const linter = new spectral.Spectral();
  linter.setRuleset(new spectral.Ruleset(ruleset));
  return (await linter.run(JSON.parse(document))).map(({ code, path, message }) => `${code} at ${path.join('/')}: ${message}`);
}

async function lintWithRedocly(document = source): Promise<string[]> {
  const problems = await lintFromString({ source: document, absoluteRef: 'openapi.json', config: await createConfig({ extends: ['recommended'] }) });
  return problems.map(({ ruleId, message, location }) => `${ruleId} at ${location[0]?.pointer}: ${message}`);
}

/** Rules of OWASP's set that this API leaves aside, and why. */
const OWASP_EXCEPTIONS: Record<string, 'off'> = {
  // Sizes are limited where something is accepted, and are no risk where it is answered; the rules cannot tell these apart.
  'owasp:api4:2023-array-limit': 'off',
  'owasp:api4:2023-string-limit': 'off',
  'owasp:api4:2023-string-restricted': 'off',
  // Told where they are sent: not before it is known who asks.
  'owasp:api4:2023-rate-limit': 'off',
  // The set-up, an invitation, the status and the report of a deployment are for callers without a key: the first two and the
  // last carry a token of their own, made for this one thing.
  'owasp:api2:2023-read-restricted': 'off',
  'owasp:api2:2023-write-restricted': 'off',
  'owasp:api8:2023-define-error-responses-401': 'off',
  // Documented paths, and ids: `secretId` names a secret and is none.
  'owasp:api2:2023-no-credentials-in-url': 'off',
  // No page of another origin may read the answers.
  'owasp:api8:2023-define-cors-origin': 'off',
  // A GET that takes nothing has nothing to refuse.
  'owasp:api8:2023-define-error-validation': 'off',
};
const OWASP_RULES: RulesetDefinition = { extends: [[owasp as unknown as RulesetDefinition, 'recommended']], rules: OWASP_EXCEPTIONS };

describe('the document is free of findings', () => {
  it("of Redocly's recommended rules", async () => {
    expect(await lintWithRedocly()).toEqual([]);
  });

  // Rekey is self-hosted: the only contact is the person who runs it, whom the document does not know.
  it("of Spectral's OpenAPI rules", async () => {
    expect(await lintWithSpectral({ extends: [[rulesets.oas as unknown as RulesetDefinition, 'recommended']], rules: { 'info-contact': 'off' } })).toEqual([]);
  });

  it("of Spectral's OWASP rules, but for those written down", async () => {
    expect(await lintWithSpectral(OWASP_RULES)).toEqual([]);
  });
});

it('finds what is wrong', async () => {
  const document = JSON.parse(source);
  delete document.paths['/api/v1/projects'].get.summary;
  document.servers = [{ url: 'http://rekey.test' }];
  const wrong = JSON.stringify(document);
  expect((await lintWithRedocly(wrong)).join()).toContain('operation-summary');
  expect((await lintWithSpectral(OWASP_RULES, wrong)).join()).toContain('owasp:api8:2023-no-server-http');
});

interface Schema {
  [key: string]: unknown;
}

/** The strings in a schema that nothing limits, by their place. */
function unlimited(schema: unknown, place: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type } = schema as Schema;
  const isText = type === 'string' || (Array.isArray(type) && type.includes('string'));
  const isLimited = ['maxLength', 'enum', 'const', 'format', 'pattern'].some((key) => key in schema);
  return [...(isText && !isLimited ? [place] : []), ...Object.entries(schema).flatMap(([key, value]) => unlimited(value, `${place}/${key}`))];
}

// A path is as long as a URL may be.
it('limits every text that is accepted in a body or a query', () => {
  const { paths } = JSON.parse(source) as { paths: Record<string, Record<string, { requestBody?: object; parameters?: { in: string }[] }>> };
  const places = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody, parameters = [] }]) =>
      unlimited([requestBody, ...parameters.filter((one) => one.in === 'query')], `${method} ${path}`),
    ),
  );
  expect(places).toEqual([]);
});
