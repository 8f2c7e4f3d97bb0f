import { expect, it } from 'vitest';
import type { IntegrationTargetWire, IntegrationWire } from '#lib/contract/integration.ts';
import { rotationWarning } from './rotation-warning.ts';

const target = (change: Partial<IntegrationTargetWire>): IntegrationTargetWire => ({
  target: 'production',
  state: 'in_sync',
  version: 3,
  synced_at: null,
  checked_at: null,
  kept_at: null,
  kept_by: null,
  failure_code: null,
  failure: null,
  refusals: [],
  ...change,
});
const warn = (targets: IntegrationTargetWire[], checkFailure: string | null = null, overrides: IntegrationWire['overrides'] = []) =>
  rotationWarning({ provider: 'vercel', name: 'shop', targets, check_failure: checkFailure, overrides });
const drifted = target({ target: 'preview', state: 'drifted' });

it('names the targets that could not be updated, why, and what a rotation would do', () => {
  const failed = target({ state: 'failed', failure: 'The provider refused the token.' });
  expect(warn([failed, drifted])).toEqual({
    code: 'integration_failing',
    message:
      'Vercel, shop: could not update production. The provider refused the token. Fix it before you rotate: until then the next deployment there gets a password that no longer works.',
  });
});

it('says that a rotation overwrites a changed value, unless somebody keeps it', () => {
  expect(warn([target({}), drifted])).toEqual({
    code: 'integration_drifted',
    message: 'Vercel, shop: someone changed the value in preview. A rotation overwrites it with the new password.',
  });
  expect(warn([{ ...drifted, kept_at: '2026-01-01T00:00:00Z', kept_by: 'sam' }])).toBeNull();
});

it('names a check that failed, as where the token has expired since', () => {
  expect(warn([target({})], 'Replace the token.')).toMatchObject({ code: 'integration_failing', message: expect.stringContaining('Replace the token.') });
});

it('names what wins over the values that Rekey writes', () => {
  const overrides = [
    { target: 'branch:fix', variables: ['DATABASE_URL'] },
    { target: 'branch:next', variables: ['DATABASE_URL', 'DIRECT_URL'] },
  ];
  expect(warn([target({})], null, overrides)).toEqual({
    code: 'integration_overridden',
    message:
      'Vercel, shop: branch:fix holds its own DATABASE_URL and branch:next holds its own DATABASE_URL and DIRECT_URL, which Rekey does not update. If it holds this database’s password, add the target before you rotate.',
  });
  expect(warn([drifted], null, overrides)).toMatchObject({ code: 'integration_drifted' });
});

it('says nothing where nothing speaks against a rotation', () => {
  expect(warn([target({}), target({ state: 'unverified' }), target({ state: 'pending' })])).toBeNull();
});
