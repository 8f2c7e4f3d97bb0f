import { expect, it } from 'vitest';
import type { EnvironmentWire, SiteWire } from '#lib/contract/vector/site.ts';
import { databaseStanding, siteName, siteStanding } from './database-standing.ts';

const PROVEN = { version: 2, proven_at: '2026-03-01T00:00:00.000Z', created_at: '2026-03-01T00:00:00.000Z' };
const NEVER = { ...PROVEN, proven_at: null };
const fine = { status: 'active', last_error: null, current: PROVEN, cannot_rotate: null, retiring: null, valid_versions: [2] } as const;

it.each([
  [fine, 'Works'],
  [{ ...fine, current: NEVER }, 'Not proven'],
  [{ ...fine, valid_versions: [1, 2], retiring: { ...PROVEN, version: 1, retire_at: null } }, 'Both passwords work'],
  [{ ...fine, valid_versions: [1, 2, 3], current: { ...PROVEN, version: 3 } }, '3 passwords work'],
  [{ ...fine, cannot_rotate: 'Rotating will not work.' }, 'Cannot be reset'],
  [{ ...fine, last_error: 'The server refused it.' }, 'Last attempt failed'],
  [{ ...fine, status: 'resetting' }, 'Resetting'],
  [{ ...fine, status: 'verifying' }, 'Checking the login'],
  [{ ...fine, status: 'needs_attention' }, 'Unknown'],
  [{ ...fine, status: 'needs_attention', current: NEVER }, 'Login not proven'],
  [{ ...fine, status: 'no_database', current: null }, 'No database'],
] as const)('says how a database stands: %j', (database, text) => {
  expect(databaseStanding(database as unknown as Parameters<typeof databaseStanding>[0]).text).toBe(text);
});

it('lets the most urgent database speak for its site', () => {
  const named = (name: string, over: object) => ({ ...fine, name, ...over }) as unknown as EnvironmentWire;
  const environments = [
    named('Production', { valid_versions: [1, 2], retiring: { ...PROVEN, version: 1, retire_at: null } }),
    named('Staging', { status: 'no_database', current: null }),
  ];
  expect(siteStanding({ ...fine, environments } as unknown as SiteWire)).toMatchObject({ of: 'Production', text: 'Both passwords work' });
  expect(siteStanding({ ...fine, cannot_rotate: 'No right.', environments: [] } as unknown as SiteWire)).toMatchObject({ of: 'Development', pip: 'warn' });
  expect(siteStanding({ ...fine, last_error: 'No.', environments } as unknown as SiteWire)).toMatchObject({ of: 'Development', pip: 'danger' });
});

it('names a site after its domain, or its customer', () => {
  expect(siteName({ dev_domain: 'bakery.example.com', partner_customer_id: 'cust_1' })).toBe('bakery.example.com');
  expect(siteName({ dev_domain: null, partner_customer_id: 'cust_1' })).toBe('cust_1');
});
