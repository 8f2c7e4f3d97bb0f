import { expect, test } from 'vitest';
import { SETTING_NAMES } from '#lib/kernel/env.ts';
import { GIVEN_SETTINGS, partEnv } from './part-env.ts';

test('each setting of lib/kernel/env.ts is given to the parts that need it (scripts/launcher/part-env.ts)', () => {
  expect(SETTING_NAMES.filter((name) => !GIVEN_SETTINGS.includes(name))).toEqual([]);
  expect(GIVEN_SETTINGS.filter((name) => name !== 'HOST' && !SETTING_NAMES.includes(name))).toEqual([]);
});

test('a part is given its own settings and none of the rest of the environment', () => {
  const settings = { ...Object.fromEntries(GIVEN_SETTINGS.map((name) => [name, name])), REKEY_API_KEY: 'of the command line', AWS_SECRET_ACCESS_KEY: 'a' };
  const [firstRun, web, worker] = [partEnv('first run', settings), partEnv('web server', settings), partEnv('worker', settings)];
  for (const env of [firstRun, web, worker]) {
    expect(env).toMatchObject({ DATABASE_URL: 'DATABASE_URL', NEXTAUTH_SECRET: 'NEXTAUTH_SECRET' });
    expect(env).not.toHaveProperty('REKEY_API_KEY');
    expect(env).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
  }
  expect(firstRun).toHaveProperty('REKEY_INIT_PASSWORD');
  expect(web).toHaveProperty('REKEY_METRICS_TOKEN');
  expect(Object.keys({ ...web, ...worker }).filter((name) => name.startsWith('REKEY_INIT_'))).toEqual([]);
  expect(worker).not.toHaveProperty('REKEY_METRICS_TOKEN');
});
