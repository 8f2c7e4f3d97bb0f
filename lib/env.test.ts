import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => vi.unstubAllEnvs());

const start = (token: string) => {
  vi.resetModules();
  vi.stubEnv('REKEY_METRICS_TOKEN', token);
  return import('./env.ts');
};

it.each([
  ['too short', 'b1946ac92492d2347c6235b4d261118', '32 characters or more'],
  ['with a space', 'b1946ac92492d2347 c6235b4d2611184a5b3', 'none of them a space'],
  ['a placeholder', 'change-me-change-me-change-me-change-me', 'is a placeholder'],
  ['typed', 'abcabcabcabcabcabcabcabcabcabcabcabc', 'is a placeholder'],
])('a token for metrics that is %s is refused by its name, and not repeated', async (_what, token, mend) => {
  const message = await start(token).then(
    () => 'it starts',
    (error: Error) => error.message,
  );
  expect(message).toContain('REKEY_METRICS_TOKEN');
  expect(message).toContain(mend);
  expect(message).not.toContain(token);
});

it('one drawn from hexadecimal digits is good, and none at all', async () => {
  expect((await start('b1946ac92492d2347c6235b4d2611184')).env.REKEY_METRICS_TOKEN).toBe('b1946ac92492d2347c6235b4d2611184');
  expect((await start('')).env.REKEY_METRICS_TOKEN).toBeUndefined();
});
