import type { Server } from '#generated/prisma/client.ts';
import { authorize } from '#lib/access/authorize.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { TakeOverBody, TakeOverWire } from '#lib/contract/import.ts';
import type { Account } from '#lib/engines/engine.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { choosePolicy } from '#lib/policies/project-policy.ts';
import { makeSlug } from '#lib/projects/make-slug.ts';
import { insertTakeOver, listAccountsOf, wakeTakeOver } from '#lib/rotation/request/take-over.ts';
import { findAdopted, loadServer, obstacleText } from './server-accounts.ts';

type Taken = TakeOverWire['taken'][number];

/**
 * Adopts accounts with unknown passwords and starts the first rotation of each. After it, applications that use the old
 * password can no longer log in, and that password cannot be restored. An account and its rotation are stored together, once.
 * @throws {DomainError} forbidden, not_found, validation_failed naming what will not work: then nothing is changed
 */
export async function takeOverAccounts(
  context: Context,
  serverId: string,
  { accounts: names, policy_id: policyId, confirm }: TakeOverBody,
): Promise<TakeOverWire> {
  authorize(context, 'projects.create');
  authorize(context, 'credentials.rotate');
  const wanted = `take over ${names.length}`;
  if (confirm !== wanted) throw invalidField('confirm', `Send "${wanted}": clients with the old passwords lose access. Nothing was changed.`);
  const server = await loadServer(context, serverId);
  const [{ accounts, iterations }, adopted] = await Promise.all([listAccountsOf(server), findAdopted(server)]);
  const chosen = names.map((name) => {
    const account = accounts.find((one) => one.name === name);
    const known = adopted.get(name);
    const why = !account ? 'There is no such login on the server.' : known ? `The project ${known.name} has it.` : obstacleText(account);
    if (why !== null || !account) throw invalidField('accounts', `${name}: ${why} Nothing was changed.`);
    return account;
  });
  const taken: Taken[] = [];
  for (const account of chosen) {
    const one = await takeOver(context, server, account, { iterations, policyId });
    if (one) taken.push(one);
  }
  return { taken };
}

/** Null where another request has adopted it meanwhile. */
async function takeOver(
  context: Context,
  server: Server,
  { name, database: databaseName }: Account,
  { iterations, policyId }: { iterations: number; policyId: string | undefined },
): Promise<Taken | null> {
  const { organizationId } = context;
  const { rotatorHost: host, rotatorPort: directPort, rotatorSslMode: sslMode, rotatorCaPem: caPem } = server;
  if (host === null || directPort === null || sslMode === null || databaseName === null) throw new Error('a server without a rotator');
  const done = await db.$transaction(async (tx) => {
    // As every adoption: two at once would make the same login twice.
    await tx.$queryRaw`SELECT FROM organizations WHERE id = ${organizationId} FOR NO KEY UPDATE`;
    if ((await tx.database.count({ where: { organizationId, roleName: name, OR: [{ serverId: server.id }, { host, directPort }] } })) > 0) return null;
    const id = newId('dbs');
    // The key of the server is the one that the rotator trusts: it has the same address.
    const pins = { directPinnedKey: server.rotatorPinnedKey, directPinnedRsaKey: server.rotatorPinnedRsaKey };
    const place = { host, directPort, sslMode, caPem, ...pins, allowsMd5: server.rotatorAllowsMd5 };
    await tx.database.create({ data: { id, organizationId, serverId: server.id, roleName: name, loginKey: id, ...place, state: 'ready' } });
    const project = { id: newId('prj'), organizationId, databaseId: id, name: name.slice(0, 80), slug: await makeSlug(tx, organizationId, name), databaseName };
    await tx.project.create({ data: project });
    const metadata = { name: project.name, slug: project.slug, host, port: directPort, database: databaseName, role_name: name, taken_over: true };
    await recordAudit(tx, context, { action: 'project.adopted', projectId: project.id, metadata });
    const rotation = await insertTakeOver(tx, project, id, { iterations, requestedBy: context.actor.name });
    if (policyId !== undefined) await choosePolicy(tx, context, { projectId: project.id, databaseId: id, roleName: name }, policyId);
    await recordAudit(tx, context, {
      action: 'project.rotation_requested',
      projectId: project.id,
      reason: 'Take over: nobody knew the password before.',
      metadata: { job_id: rotation.jobId, role_name: name, taken_over: true },
    });
    return { project, rotation };
  });
  if (!done) return null;
  wakeTakeOver(done.rotation);
  return { account: name, project: { id: done.project.id, name: done.project.name }, job_id: done.rotation.jobId };
}
