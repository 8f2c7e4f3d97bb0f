import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Login } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { db } from '#lib/kernel/db.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { advanceRotation } from './advance.ts';
import { requestRotation } from './request/request-rotation.ts';

const WORKER = 'wrk_test';

/** Asks for a rotation and drives it to its end, as a worker would. */
async function rotate({ context, projectId }: Adopted, body: Parameters<typeof requestRotation>[2] = {}) {
  const { jobId } = await requestRotation(context, projectId, body);
  const { id } = await db.rotation.findUniqueOrThrow({ where: { jobId } });
  await advanceRotation(id, WORKER);
  return db.rotation.findUniqueOrThrow({ where: { id }, include: { job: true, steps: { orderBy: { id: 'asc' } } } });
}

async function currentLogin(databaseId: string): Promise<Login> {
  const credential = await db.credential.findFirstOrThrow({ where: { databaseId, state: 'current' } });
  return { user: credential.loginName, password: (await openCredential(credential)).password };
}

describe('a rotation', () => {
  let server: TestTarget;
  beforeAll(async () => {
    server = await startTarget({ pooler: 'auth_query' });
  });
  afterAll(() => server.stop());

  it.each(['role', 'rotator'] as const)('by the %s changes the password and verifies it, directly and through the pooler', async (by) => {
    const old = await server.createLogin(`app_${by}`);
    const rotator = by === 'rotator' ? server.superuser : undefined;
    const adopted = await adopt({ target: server.target, login: old, ...(rotator && { rotator }) });
    const rotation = await rotate(adopted);

    expect(rotation.steps.map((step) => step.kind)).toEqual([
      'requested',
      'preflight',
      'staged',
      'changed',
      'direct_ok',
      'pooled_ok',
      'promoted',
      'old_refused',
      'completed',
    ]);
    expect(rotation).toMatchObject({ state: 'completed', attempts: 1, job: { state: 'completed', attempts: 1, error: null } });
    expect(rotation.proofs).toMatchObject({
      new: { direct: { verdict: 'accepted' }, pooled: { verdict: 'accepted' } },
      old: { direct: { verdict: 'refused' }, pooled: { verdict: 'refused' } },
      wrong: { direct: { verdict: 'refused' }, pooled: { verdict: 'refused' } },
    });
    const current = await currentLogin(adopted.databaseId);
    for (const endpoint of ['direct', 'pooled'] as const) {
      expect(await postgres.probe(server.target, endpoint, current)).toMatchObject({ verdict: 'accepted' });
      expect(await postgres.probe(server.target, endpoint, old)).toMatchObject({ verdict: 'refused' });
    }
    // The connection that the pooler opened for Rekey's own login is not counted.
    expect(rotation.sessionsLeft).toBe(0);
    expect(await db.database.findUniqueOrThrow({ where: { id: adopted.databaseId } })).toMatchObject({ state: 'ready', lastError: null });
  });
});
