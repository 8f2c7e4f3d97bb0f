import { expect, test } from 'vitest';
import { createPolicyBody } from '#lib/contract/policy.ts';
import { toBody, toValues } from './form-values.ts';

test('a policy goes through its form unchanged', () => {
  const policy = createPolicyBody.parse({
    name: 'Monthly, production',
    max_age_days: 30,
    windows: [
      { days: ['wed'], from: '22:00', to: '01:00' },
      { days: ['sat', 'sun'], from: '02:00', to: '05:00' },
    ],
    time_zone: 'Europe/Berlin',
    blackouts: [
      { from: '2026-12-19', to: '2027-01-02' },
      { from: '2027-05-01', to: '2027-05-01' },
    ],
    grace_hours: 24,
    close_sessions: true,
    run_when_back: true,
    tag_rule: [{ key: 'env', value: 'production', is_not: false }],
  });
  expect(toBody(toValues(policy))).toEqual(policy);
  const nightly = createPolicyBody.parse({ name: 'Nightly', cron: '30 1 * * *', spread: false, is_default: true });
  expect(toBody(toValues(nightly))).toEqual(nightly);
});

test('a tag rule that is none is not sent', () => {
  expect(toBody({ ...toValues({ name: 'x' }), tagRule: 'production' })).toBeNull();
});
