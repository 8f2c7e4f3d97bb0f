import { describe, expect, it } from 'vitest';
import { makeDocument } from '#scripts/openapi/make-document.ts';
import { operationsOf } from './rekey.ts';
import { findUnlisted } from './routes.ts';

describe('the attack', () => {
  it('knows every route that changes something, and every field that leads somewhere', async () => {
    expect(findUnlisted(operationsOf(JSON.parse(JSON.stringify(await makeDocument()))))).toEqual([]);
  });

  it('stops at a route and at an address that it does not know', () => {
    const known = { method: 'PATCH', path: '/api/v1/projects/{projectId}' };
    expect(findUnlisted([{ ...known, fields: ['name', 'connection_url'] }])).toEqual([]);
    expect(findUnlisted([{ ...known, fields: ['standby_url', 'database.host'] }])).toEqual([
      'PATCH /api/v1/projects/{projectId}: standby_url',
      'PATCH /api/v1/projects/{projectId}: database.host',
    ]);
    expect(findUnlisted([{ method: 'POST', path: '/api/v1/servers', fields: [] }])).toEqual(['POST /api/v1/servers']);
    expect(findUnlisted([{ method: 'GET', path: '/api/v1/servers', fields: [] }])).toEqual([]);
  });
});
