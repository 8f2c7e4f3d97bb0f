import { expect } from 'vitest';
import { GET as viewConnections } from '#app/api/v1/projects/[projectId]/connections/route.ts';
import { GET as getProject, PATCH } from '#app/api/v1/projects/[projectId]/route.ts';
import { POST } from '#app/api/v1/projects/route.ts';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import type { ProjectWire, RightsWire } from '#lib/contract/project.ts';
import type { EngineName, Login, Place } from '#lib/engines/engine.ts';
import { db } from '#lib/kernel/db.ts';
import { messageOf, StepFailure } from '#lib/logins/failures.ts';
import type { Adopted } from '#scripts/testing/adopt.ts';
import { call, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { type DrivenRotation, rotate } from '#scripts/testing/drive-rotation.ts';
import type { Row, Subject } from './row.ts';
import { expectNoAbsentNames } from './told.ts';

/** The URLs of a login, by the endpoint that each leads to. */
type Urls = { direct: string; pooled?: string };

/** The URL of a login as an application has it: percent-encoded, and TLS named only where it is not left to the client. */
function urlOf(engine: EngineName, { host, port, user, database, tls }: Place, login: Login): string {
  const [name, password, path] = [user ?? login.user, login.password.reveal(), database].map(encodeURIComponent);
  const words =
    engine === 'mysql' ? { disable: 'ssl-mode=DISABLED', require: 'ssl-mode=REQUIRED' } : { disable: 'sslmode=disable', require: 'sslmode=require' };
  const query = tls.mode === 'disable' || tls.mode === 'require' ? `?${words[tls.mode]}` : '';
  return `${engine}://${name}:${password}@${host}:${port}/${path}${query}`;
}

const withoutPassword = (url: string): string => url.replace(/:[^:@/]*@/, ':@');

/** Which URLs an application can log in by. */
async function openBy(urls: Urls, logIn: Subject['logIn']): Promise<Record<keyof Urls, boolean>> {
  const opens = (url: string | undefined) =>
    url === undefined
      ? false
      : logIn(url).then(
          () => true,
          () => false,
        );
  return { direct: await opens(urls.direct), pooled: await opens(urls.pooled) };
}

/** Adopts and rotates what a row is about, and expects what the row says, and what every row promises. */
export async function playRow(row: Row): Promise<void> {
  const subject = await row.setUp();
  const { engine } = row;
  const { target, login, rotator } = subject;
  const organizationId = await makeOrganization();
  const headers = await memberHeaders(organizationId, 'owner');
  const given: Urls = { direct: urlOf(engine, target.direct, login), ...(target.pooled && { pooled: urlOf(engine, target.pooled, login) }) };
  const before = { held: await subject.held(), others: await subject.heldOfOthers(), opened: await openBy(given, subject.logIn) };
  const body = {
    name: 'Shop',
    connection_url: given.direct,
    pooled_connection_url: given.pooled,
    rotator_url: rotator && urlOf(engine, { ...target.direct, database: target.direct.database }, rotator),
    allows_md5: target.direct.tls.allowsMd5 || undefined,
  };
  const { status, body: answer } = await call(POST, { method: 'POST', headers, body });
  expect([status, answer.error], 'the answer to the adoption').toEqual([201, undefined]);
  const { project, job: queued } = answer;
  const adopted = await adoptedAs(project.id, organizationId);
  const at = { headers, params: { projectId: project.id } };
  if (subject.sendsPlaintext) expect((await call(PATCH, { ...at, method: 'PATCH', body: { sends_plaintext: true } })).status).toBe(200);
  await verifyConnection(queued.id, 'wrk_compatibility');
  const job = await db.job.findUniqueOrThrow({ where: { id: queued.id } });
  expect([await subject.held(), await subject.heldOfOthers()], 'what the server holds after the adoption').toEqual([before.held, before.others]);
  const checked: ProjectWire = (await call(getProject, at)).body.project;
  const notes = checked.rights?.notes ?? [];
  const works = row.does === 'rotates' || row.does === 'rotates with a warning';
  if (row.does === 'refuses at adoption') await expectRefusal(row, adopted, { error: job.error, notes });
  else {
    expect(job, 'the check at adoption').toMatchObject({ state: 'completed', error: null });
    expect(notes.find(({ tone }) => tone === 'danger')).toBeUndefined();
    const warnings = notes.filter(({ tone }) => tone === 'warn').map(({ text }) => text);
    if (row.does === 'rotates with a warning') expect(warnings).toContainEqual(expect.stringContaining(row.warning));
    if (row.does === 'rotates') expect(warnings).toEqual([]);
    const rotation = await rotate(adopted);
    if (row.does === 'puts the old password back') expectFailed(rotation, row.code);
    else expect(rotation).toMatchObject({ state: 'completed', errorCode: null, database: { state: 'ready', lastError: null } });
  }
  expect(await subject.heldOfOthers(), 'what the server holds of others').toBe(before.others);
  if (!works) expect(await subject.held(), 'what the server holds of the login').toBe(before.held);
  const { connections } = (await call(viewConnections, at)).body;
  const handedOut: Urls = { direct: connections.direct_url, ...(connections.pooled_url && { pooled: connections.pooled_url }) };
  expect([handedOut.direct, handedOut.pooled ?? ''].map(withoutPassword)).toEqual([given.direct, given.pooled ?? ''].map(withoutPassword));
  if (works) {
    expect(await openBy(handedOut, subject.logIn), 'the URLs handed out').toEqual({ direct: true, pooled: target.pooled !== null });
    expect(await openBy(given, subject.logIn), 'the former URLs').toEqual({ direct: false, pooled: false });
  } else {
    // Nothing has changed: what is handed out is what was given, and opens what that opened. Why it may not is said above.
    expect(handedOut).toEqual(given);
    expect(await openBy(handedOut, subject.logIn), 'the URLs handed out').toEqual(before.opened);
  }
  await expectNoAbsentNames(project.id, headers, {
    engine,
    hasPooler: target.pooled !== null || ('code' in row && row.code === 'direct_is_pooler'),
    hasRotator: rotator !== undefined,
    hasFile: false,
  });
}

async function adoptedAs(projectId: string, organizationId: string): Promise<Adopted> {
  const { databaseId } = await db.project.findUniqueOrThrow({ where: { id: projectId } });
  return { projectId, databaseId, context: { organizationId, actor: { kind: 'system', id: null, name: 'test' }, origin: {} } };
}

function expectFailed(rotation: DrivenRotation, code: string): void {
  expect(rotation).toMatchObject({ state: 'failed', errorCode: code, database: { state: 'ready' }, fromCredential: { state: 'current' } });
}

/** Adoption says that it will not work and why; a rotation asked for all the same fails by the same code. */
async function expectRefusal(
  { code, endpoint = 'direct', engine }: Extract<Row, { does: 'refuses at adoption' }>,
  adopted: Adopted,
  { error, notes }: { error: string | null; notes: RightsWire['notes'] },
): Promise<void> {
  if (error === null) {
    expect(notes).toContainEqual(expect.objectContaining({ tone: 'danger', text: expect.stringMatching(/^Rotating will not work/) }));
    expectFailed(await rotate(adopted), code);
  } // Behind it the account is named where it is about one of several.
  else
    expect(error?.replace(/ \([^ ]+@[^ ]+\)$/, '')).toBe(
      messageOf(new StepFailure(code, false, { endpoint, neverWorked: code === 'current_password_refused' }), engine),
    );
  expect(notes).not.toContainEqual(expect.objectContaining({ text: expect.stringMatching(/^Rotating works/) }));
}
