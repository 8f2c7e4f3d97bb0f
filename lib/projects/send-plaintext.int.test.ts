// A login whose passwords are sent to the server as they are: by a person's choice only, and said.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgres } from '#lib/engines/postgres.ts';
import { db } from '#lib/kernel/db.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { updateProject } from './update-project.ts';

let server: TestTarget;
beforeAll(async () => {
  server = await startTarget({ settings: { log_statement: 'ddl' } });
});
afterAll(() => server.stop());

it('sends them only once that was chosen, with a record, and stops when it is taken back', async () => {
  const adopted = await adopt({ target: server.target, login: await server.createLogin('app') });
  const { context, projectId } = adopted;
  const isLogged = async () => server.log().includes((await storedLogin(adopted)).password.reveal());

  expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
  expect(await isLogged()).toBe(false);

  expect(await updateProject(context, projectId, { sends_plaintext: true })).toMatchObject({ sends_plaintext: true, state: 'verifying' });
  const audited = await db.auditEvent.findFirstOrThrow({ where: { projectId, action: 'project.updated' }, orderBy: { createdAt: 'desc' } });
  expect(audited.metadata).toMatchObject({ sends_plaintext: true });
  await db.database.update({ where: { id: adopted.databaseId }, data: { state: 'ready' } });
  expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
  expect(await isLogged()).toBe(true);
  // The server hashed it, by SCRAM whatever password_encryption says.
  const [row] = await server.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'app'");
  expect(row?.rolpassword).toMatch(/^SCRAM-SHA-256\$/);

  await updateProject(context, projectId, { sends_plaintext: false });
  await db.database.update({ where: { id: adopted.databaseId }, data: { state: 'ready' } });
  expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
  expect(await isLogged()).toBe(false);
  expect((await postgres.probe(server.target, 'direct', await storedLogin(adopted))).verdict).toBe('accepted');
});

it('is not offered where the engine sends none', async () => {
  const adopted = await adopt({ engine: 'mysql', target: server.target, login: await server.createLogin('elsewhere') });
  await db.server.updateMany({ where: { databases: { some: { id: adopted.databaseId } } }, data: { engine: 'mysql' } });
  await expect(updateProject(adopted.context, adopted.projectId, { sends_plaintext: true })).rejects.toMatchObject({
    code: 'validation_failed',
    extras: { fields: { sends_plaintext: [expect.stringContaining('PostgreSQL')] } },
  });
});
