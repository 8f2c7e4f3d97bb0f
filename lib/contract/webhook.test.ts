import { expect, it } from 'vitest';
import { createWebhookEndpointBody, EVENT_PATTERNS, patternsOf } from './webhook.ts';

it('subscribes to an event by its type, by any dot-separated prefix of it, and by *', () => {
  expect(patternsOf('job.failed')).toEqual(['*', 'job.*', 'job.failed']);
  expect(patternsOf('vector.api-key.created')).toEqual(['*', 'vector.*', 'vector.api-key.*', 'vector.api-key.created']);
});

it('takes the wildcards of both worlds, and no others', () => {
  const wildcards = [
    '*',
    'audit.*',
    'campaign.*',
    'credentials.*',
    'integration.*',
    'job.*',
    'policy.*',
    'project.*',
    'webhook.*',
    'vector.*',
    'vector.api-key.*',
    'vector.deployment.*',
  ];
  const more = ['vector.dev-site.*', 'vector.environment.*', 'vector.site.*', 'vector.webhook.*'];
  expect(EVENT_PATTERNS.filter((pattern) => pattern.endsWith('*')).toSorted()).toEqual([...wildcards, ...more].toSorted());
  for (const event of ['vector.*.created', 'job*', '**', 'vector']) {
    expect(createWebhookEndpointBody.safeParse({ url: 'https://example.com/', event_types: [event] }).success).toBe(false);
  }
});
