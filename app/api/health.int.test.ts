import { expect, it } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { call } from '#scripts/testing/call-api.ts';
import { GET as health } from './health/route.ts';
import { GET as status } from './v1/status/route.ts';

it('is ok only with all migrations in and a worker alive', async () => {
  const [without, told] = [await call(health), await call(status)];
  expect([without.status, told.status]).toEqual([503, 200]);
  expect(told.body).toMatchObject({
    service: 'rekey',
    status: 'degraded',
    components: [
      { name: 'database', status: 'ok' },
      { name: 'worker', status: 'degraded', message: expect.stringContaining('No worker is alive') },
      { name: 'audit', status: 'ok', message: expect.stringContaining('Only triggers protect the audit log') },
      { name: 'clocks', status: 'ok' },
    ],
  });

  await db.worker.create({ data: { id: newId('wrk'), lockKey: 1, host: 'test' } });
  expect(await call(health)).toMatchObject({ status: 200, body: { status: 'ok' } });

  await db.$executeRaw`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '0001_init'`;
  expect(await call(health)).toMatchObject({
    status: 503,
    body: { components: [{ name: 'database', message: expect.stringContaining('0001_init') }, { status: 'ok' }, { status: 'ok' }, { status: 'ok' }] },
  });
});
