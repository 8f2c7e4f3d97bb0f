import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

test('without flags and settings it serves this machine alone, with the demonstration', () => {
  expect(readOptions([], {})).toMatchObject({
    port: undefined,
    host: '127.0.0.1',
    dataDir: `${process.cwd()}/.data`,
    dev: false,
    demo: true,
    databaseUrl: undefined,
  });
});

test('a flag wins over the environment', () => {
  const options = readOptions(['--port', '4001', '--data', '/srv/a', '--host', '0.0.0.0'], { PORT: '4000', REKEY_DATA_DIR: '/srv/b', HOST: '::1' });
  expect(options).toMatchObject({ port: 4001, host: '0.0.0.0', dataDir: '/srv/a' });
});

test.each(['0', '70000', 'http', '80.5'])('the port %s is refused', (port) => {
  expect(() => readOptions(['--port', port], {})).toThrow('from 1 to 65535');
});

test('an owner is given beside the application’s login, not alone', () => {
  const urls = { DATABASE_URL: 'postgresql://app@db/rekey', REKEY_MIGRATE_DATABASE_URL: 'postgresql://owner@db/rekey' };
  expect(readOptions([], urls)).toMatchObject({ databaseUrl: urls.DATABASE_URL, migrateDatabaseUrl: urls.REKEY_MIGRATE_DATABASE_URL });
  expect(() => readOptions([], { ...urls, DATABASE_URL: '' })).toThrow('give that too');
});

test('a database of its own goes without the demonstration', () => {
  expect(readOptions([], { DATABASE_URL: 'postgresql://db/rekey' }).demo).toBe(false);
  expect(readOptions([], { REKEY_DEMO: '0' })).toMatchObject({ demo: false, demoSite: false });
  expect(readOptions([], { REKEY_DEMO: 'project' })).toMatchObject({ demo: true, demoSite: false });
  expect(readOptions([], { REKEY_DEMO: '' })).toMatchObject({ demo: true, demoSite: true });
});
