import { beforeEach, describe, expect, it } from 'vitest';
import type { MemberRole } from '#generated/prisma/enums.ts';
import { scopesOfRole } from '#lib/access/authorize.ts';
import { signIn } from '#lib/auth/sign-in.ts';
import type { Scope } from '#lib/contract/scopes.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { createProject } from '#lib/projects/create-project.ts';
import { call, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { POST as accept, GET as join } from './join/route.ts';
import { GET as live } from './live/route.ts';
import { GET as getMe } from './me/route.ts';
import { POST as createKey } from './organizations/[organizationId]/api-keys/route.ts';
import { GET as listAudit } from './organizations/[organizationId]/audit-events/route.ts';
import { POST as renew } from './organizations/[organizationId]/invitations/[invitationId]/renew/route.ts';
import { DELETE as revoke } from './organizations/[organizationId]/invitations/[invitationId]/route.ts';
import { POST as invite, GET as listInvitations } from './organizations/[organizationId]/invitations/route.ts';
import { DELETE, PATCH } from './organizations/[organizationId]/members/[memberId]/route.ts';
import { GET } from './organizations/[organizationId]/members/route.ts';
import { GET as getProject } from './projects/[projectId]/route.ts';
import { GET as listProjects } from './projects/route.ts';

interface Person {
  userId: string;
  headers: Record<string, string>;
}

const PASSWORD = 'correct horse battery';
let organizationId: string;
let owner: Person;
/** Of who is invited: logins are one for all organizations. */
let email: string;

async function addPerson(role: MemberRole): Promise<Person> {
  const userId = newId('usr');
  return { userId, headers: await memberHeaders(organizationId, role, { userId }) };
}

beforeEach(async () => {
  organizationId = await makeOrganization();
  owner = await addPerson('owner');
  email = `${newId('usr').toLowerCase()}@example.com`;
});

const ask = (handler: typeof invite, method: string, { headers }: Pick<Person, 'headers'>, params: object, body?: object) =>
  call(handler, { method, headers, params: { organizationId, ...params }, ...(body && { body }) });
const change = (by: Pick<Person, 'headers'>, memberId: string, body: object) => ask(PATCH, 'PATCH', by, { memberId }, body);
const remove = (by: Pick<Person, 'headers'>, memberId: string) => ask(DELETE, 'DELETE', by, { memberId });
const inviteAs = (by: Pick<Person, 'headers'>, body: object = {}) => ask(invite, 'POST', by, {}, { email: email.toUpperCase(), role: 'operator', ...body });
const statusOf = async (headers: Record<string, string>) => (await call(getMe, { headers })).status;
const tokenOf = (url: string): string => new URL(url).searchParams.get('token') ?? '';
const acceptWith = (token: string) => call(accept, { method: 'POST', body: { token, name: 'Dev', password: PASSWORD } });
const adopt = async (user: string): Promise<string> =>
  (await createProject(systemContext(organizationId), { name: user, connection_url: `postgres://${user}:p@127.0.0.1:1/d` })).project.id;
const actions = async () => (await db.auditEvent.findMany({ where: { organizationId }, orderBy: { seq: 'asc' } })).map(({ action }) => action);
const refusedAt = (field: string) => ({ status: 422, body: { errors: { [field]: [expect.any(String)] } } });

describe('an invitation', () => {
  it('makes a member of whoever has its link, once, with the reach it names', async () => {
    const [shop, blog] = [await adopt('shop'), await adopt('blog')];
    const { status, body } = await inviteAs(owner, { project_ids: [shop, blog, shop] });
    expect(status).toBe(201);
    const token = tokenOf(body.url);
    expect(JSON.stringify(await db.invitation.findMany())).not.toContain(token);
    expect((await ask(listInvitations, 'GET', owner, {})).body.invitations).toMatchObject([{ email, role: 'operator', project_ids: [shop, blog] }]);
    expect((await call(join, { path: `/api/v1/join?token=${token}` })).body).toMatchObject({
      email,
      organization: 'Example Co',
      role: 'operator',
    });
    // Forgotten before it is used: what is left is the reach.
    await db.project.delete({ where: { id: blog } });

    const answers = await Promise.all([acceptWith(token), acceptWith(token)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 422]);
    expect(await call(join, { path: `/api/v1/join?token=${token}` })).toMatchObject(refusedAt('token'));
    expect(await signIn({ email, password: PASSWORD }, {})).toMatch(/^ses_/);
    const { members } = (await ask(GET, 'GET', owner, {})).body;
    expect(members).toMatchObject([
      { user_id: owner.userId, project_ids: null },
      { email, name: 'Dev', role: 'operator', project_ids: [shop] },
    ]);
    expect(await actions()).toEqual(['project.adopted', 'project.adopted', 'member.invited', 'member.joined', 'session.created']);
    expect(await inviteAs(owner)).toMatchObject(refusedAt('email'));
  });

  it('is dead once replaced, taken back or expired', async () => {
    const made = (await inviteAs(owner)).body;
    expect(await inviteAs(owner)).toMatchObject(refusedAt('email'));
    const invitationId = made.invitation.id;
    const second = (await ask(renew, 'POST', owner, { invitationId }, {})).body;
    expect(await acceptWith(tokenOf(made.url))).toMatchObject(refusedAt('token'));
    await db.invitation.update({ where: { id: invitationId }, data: { expiresAt: new Date() } });
    expect(await acceptWith(tokenOf(second.url))).toMatchObject(refusedAt('token'));
    const third = (await ask(renew, 'POST', owner, { invitationId }, {})).body;
    expect((await ask(revoke, 'DELETE', owner, { invitationId })).status).toBe(204);
    expect(await acceptWith(tokenOf(third.url))).toMatchObject(refusedAt('token'));
    expect((await ask(revoke, 'DELETE', owner, { invitationId })).status).toBe(404);
    expect(await db.member.count({ where: { organizationId } })).toBe(1);
  });

  it('gives nobody more than its maker has', async () => {
    const admin = await addPerson('admin');
    expect(await inviteAs(admin, { role: 'owner' })).toMatchObject({ status: 403 });
    const key = { headers: await keyHeaders(organizationId, { scopes: ['members:manage', 'members:read'] as Scope[] }) };
    expect(await inviteAs(key, { role: 'admin' })).toMatchObject({ status: 403, body: { detail: expect.stringContaining('credentials:read') } });
    expect(await inviteAs({ headers: await keyHeaders(organizationId) }, { role: 'owner' })).toMatchObject({ status: 403 });
    expect(await inviteAs(owner, { role: 'owner', project_ids: [await adopt('shop')] })).toMatchObject(refusedAt('project_ids'));
    expect(await inviteAs(owner, { project_ids: [newId('prj')] })).toMatchObject(refusedAt('project_ids'));
    expect(await inviteAs(owner, { project_ids: [] })).toMatchObject(refusedAt('project_ids'));
    expect(await db.invitation.count({ where: { organizationId } })).toBe(0);
    expect((await inviteAs(admin, { role: 'admin' })).status).toBe(201);
  });
});

describe('owners', () => {
  it('are touched by owners alone, and nobody raises themselves to one', async () => {
    const admin = await addPerson('admin');
    const key = { headers: await keyHeaders(organizationId) };
    for (const by of [admin, key]) {
      expect(await change(by, owner.userId, { role: 'viewer' })).toMatchObject({ status: 403 });
      expect(await remove(by, owner.userId)).toMatchObject({ status: 403 });
      expect(await change(by, admin.userId, { role: 'owner' })).toMatchObject({ status: 403 });
    }
    expect(await actions()).toContain('access.refused');
    expect((await change(owner, admin.userId, { role: 'owner' })).body.member.role).toBe('owner');
  });

  it('are one at least, also where two leave at once', async () => {
    expect(await change(owner, owner.userId, { role: 'admin' })).toMatchObject(refusedAt('role'));
    expect(await remove(owner, owner.userId)).toMatchObject(refusedAt('member_id'));
    const other = await addPerson('owner');
    const answers = await Promise.all([change(owner, owner.userId, { role: 'viewer' }), remove(other, other.userId)]);
    expect(answers.map(({ status }) => status).filter((status) => status < 300)).toHaveLength(1);
    expect(await db.member.count({ where: { organizationId, role: 'owner' } })).toBe(1);
  });
});

describe('removing a member', () => {
  it('ends their sessions, the keys they made, the keys of those, the links they know, and their open page, at once', async () => {
    const admin = await addPerson('admin');
    const makeKey = async (by: Record<string, string>) => {
      const { body } = await ask(createKey, 'POST', { headers: by }, {}, { name: 'CI', scopes: scopesOfRole('admin') });
      return { authorization: `Bearer ${body.plaintext_api_key}` };
    };
    const first = await makeKey(admin.headers);
    const second = await makeKey(first);
    const ofOwner = await makeKey(owner.headers);
    const link = (await inviteAs({ headers: second })).body.url;
    const stream = await live(new Request('http://127.0.0.1:3000/api/v1/live', { headers: admin.headers }));

    expect(await remove(owner, admin.userId)).toMatchObject({ status: 200, body: { departure: null } });
    expect([await statusOf(admin.headers), await statusOf(first), await statusOf(second), await statusOf(ofOwner)]).toEqual([401, 401, 401, 200]);
    expect(await acceptWith(tokenOf(link))).toMatchObject(refusedAt('token'));
    // The stream tells what happened, then ends by itself.
    expect(await stream.text()).toContain(`{"kind":"member","id":"${admin.userId}"}`);
    expect(await db.user.count({ where: { id: admin.userId } })).toBe(0);
    const event = await db.auditEvent.findFirstOrThrow({ where: { organizationId, action: 'member.removed' } });
    expect(event).toMatchObject({ targetType: 'member', targetId: admin.userId, metadata: { sessions_ended: 1, api_keys_revoked: 2 } });
    expect((await remove(owner, admin.userId)).status).toBe(404);
    expect((await inviteAs(owner, { email: event.targetName ?? '' })).status).toBe(201);
  });

  it('outruns no key that is being made: it is not made, or it is revoked', async () => {
    for (let round = 0; round < 5; round++) {
      const admin = await addPerson('admin');
      const making = Promise.all([1, 2, 3].map(() => ask(createKey, 'POST', admin, {}, { name: 'late', scopes: ['projects:read'] })));
      await Promise.all([making, remove(owner, admin.userId)]);
      expect(await db.apiKey.count({ where: { organizationId, createdByUserId: admin.userId, revokedAt: null } })).toBe(0);
    }
  });
});

describe('a restricted member', () => {
  it('sees their projects alone, after their sessions and keys have ended', async () => {
    const [shop, blog] = [await adopt('shop'), await adopt('blog')];
    const admin = await addPerson('admin');
    const { body } = await ask(createKey, 'POST', admin, {}, { name: 'CI', scopes: ['projects:read'] });
    expect((await change(owner, admin.userId, { project_ids: [shop] })).body.member).toMatchObject({ role: 'admin', project_ids: [shop] });
    expect([await statusOf(admin.headers), await statusOf({ authorization: `Bearer ${body.plaintext_api_key}` })]).toEqual([401, 401]);

    await db.session.updateMany({ where: { userId: admin.userId }, data: { revokedAt: null } });
    const seen = async () => (await call(listProjects, { headers: admin.headers })).body.projects.map(({ id }: { id: string }) => id);
    expect(await seen()).toEqual([shop]);
    const at = (projectId: string) => call(getProject, { headers: admin.headers, params: { projectId } });
    expect([(await at(shop)).status, (await at(blog)).status]).toEqual([200, 404]);
    const { principal } = (await call(getMe, { headers: admin.headers })).body;
    expect(principal).toMatchObject({ user_id: admin.userId, project_ids: [shop] });
    expect(principal.scopes).not.toContain('members:manage');
    const { audit_events: events } = (await ask(listAudit, 'GET', admin, {})).body;
    expect(new Set(events.map(({ project_id: id }: { project_id: string }) => id))).toEqual(new Set([shop]));

    // What was granted and is gone leaves nothing, not everything.
    await db.project.delete({ where: { id: shop } });
    expect(await seen()).toEqual([]);
    expect((await change(owner, admin.userId, { project_ids: null })).body.member.project_ids).toBeNull();
    expect([await statusOf(admin.headers), await seen()]).toEqual([200, [blog]]);
    expect(await change(owner, owner.userId, { project_ids: [blog] })).toMatchObject(refusedAt('project_ids'));
  });

  it('given a lower role signs in again; given a higher one goes on', async () => {
    const person = await addPerson('operator');
    await change(owner, person.userId, { role: 'admin' });
    expect(await statusOf(person.headers)).toBe(200);
    await change(owner, person.userId, { role: 'viewer' });
    expect(await statusOf(person.headers)).toBe(401);
  });
});

itRecords('member.joined', 'member.changed', 'member.invited', 'member.removed', 'member.invitation_renewed', 'member.invitation_revoked', 'access.refused');
