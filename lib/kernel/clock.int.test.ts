// Processes whose clocks differ from the store's, by Debian's faketime: only the store's clock decides.
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { renderMetrics } from '#lib/metrics/render-metrics.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { checkHealth } from '#lib/status/check-health.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { keyHeaders } from '#scripts/testing/call-api.ts';
import { withClock } from '#scripts/testing/fake-clock.ts';
import { type RunningWorker, runApi, runWorker } from '#scripts/testing/run-worker.ts';
import { db } from './db.ts';

let server: TestTarget;
beforeAll(async () => {
  server = await startTarget();
});
afterAll(() => server.stop());
beforeEach(async () => {
  await db.worker.deleteMany();
  await db.processClock.deleteMany();
});

const kill = async (child: RunningWorker): Promise<void> => {
  process.kill(child.pid, 'SIGKILL');
  await child.exited;
};

/** A process that ends with the test. */
async function started(child: RunningWorker): Promise<RunningWorker> {
  let hasEnded = false;
  void child.exited.then(() => {
    hasEnded = true;
  });
  onTestFinished(() => (hasEnded ? undefined : kill(child)));
  await child.ready;
  return child;
}

const readJob = (jobId: string) =>
  db.job.findUniqueOrThrow({ where: { id: jobId }, include: { rotation: { include: { steps: { orderBy: { id: 'asc' } } } } } });

/** Waits for the end of a rotation, and that its times are those of one clock. */
async function expectCompleted(jobId: string): Promise<void> {
  await expect.poll(async () => (await readJob(jobId)).state, { timeout: 40_000 }).not.toMatch(/queued|running/);
  const { state, errorCode, createdAt, startedAt, completedAt, rotation } = await readJob(jobId);
  expect([state, errorCode]).toEqual(['completed', null]);
  const steps = (rotation?.steps ?? []).map(({ at }) => at);
  for (const inOrder of [
    [createdAt, startedAt, completedAt],
    [createdAt, ...steps, completedAt],
  ]) {
    const times = inOrder.map((at) => at?.getTime() ?? Number.NaN);
    // A process knows the store's time to some milliseconds.
    for (const [n, at] of times.entries()) expect(at).toBeGreaterThanOrEqual((times[n - 1] ?? 0) - 250);
  }
}

const workers = async () => (await checkHealth()).components.find(({ name }) => name === 'worker')?.status;
const clocks = async () => (await checkHealth()).components.find(({ name }) => name === 'clocks');
const skewOf = async (kind: string) => Number(new RegExp(`rekey_clock_skew_seconds\\{kind="${kind}"\\} (\\S+)`).exec((await renderMetrics()).text)?.[1]);

describe.each([15, -15, 180, -180, 86_400, -86_400])('a clock %d s ahead of the store’s', (seconds) => {
  let adopted: Adopted;
  beforeEach(async () => {
    adopted = await adopt({ target: server.target, login: await server.createLogin(`ahead_${seconds + 86_400}_${Math.floor(Math.random() * 1e6)}`) });
  });

  it('in a worker: its rotations complete, it counts as alive, and as dead once it is', { timeout: 120_000 }, async () => {
    const worker = await started(runWorker({ REKEY_LOG_LEVEL: 'info', ...withClock(seconds) }));
    await expectCompleted((await requestRotation(adopted.context, adopted.projectId, {})).jobId);
    expect(await workers()).toBe('ok');
    expect(await skewOf('worker')).toBeCloseTo(seconds, -1);
    const { skew_seconds, message } = (await clocks()) ?? {};
    expect(skew_seconds).toBeCloseTo(seconds, -1);
    expect(message).toMatch(seconds > 0 ? /1 process is up to \d+ s ahead of/ : /1 process is up to \d+ s behind/);
    await kill(worker);
    await expect.poll(workers, { timeout: 30_000 }).toBe('degraded');
  });

  it('in a web server: its rotations complete', { timeout: 120_000 }, async () => {
    await started(runWorker({ REKEY_LOG_LEVEL: 'info' }));
    const port = await freePort();
    await started(runApi(port, withClock(seconds)));
    expect(await skewOf('web')).toBeCloseTo(seconds, -1);
    const headers = await keyHeaders(adopted.context.organizationId);
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/projects/${adopted.projectId}/credentials/rotate`, { method: 'POST', headers });
    expect(answer.status).toBe(202);
    const { id, job } = (await answer.json()) as { id?: string; job?: { id: string } };
    await expectCompleted(job?.id ?? id ?? '');
  });
});

it('a stopped worker is not counted while it stands still, and goes on when it is resumed', { timeout: 120_000 }, async () => {
  const worker = await started(runWorker({ REKEY_LOG_LEVEL: 'info' }));
  expect(await workers()).toBe('ok');
  process.kill(worker.pid, 'SIGSTOP');
  await expect.poll(workers, { timeout: 30_000 }).toBe('degraded');
  const adopted = await adopt({ target: server.target, login: await server.createLogin('suspended') });
  const { jobId } = await requestRotation(adopted.context, adopted.projectId, {});
  process.kill(worker.pid, 'SIGCONT');
  await expectCompleted(jobId);
  expect(await workers()).toBe('ok');
});
