import type { Server } from '#generated/prisma/client.ts';
import type { AccountListWire, AccountWire, ImportServerListWire } from '#lib/contract/import.ts';
import type { Account } from '#lib/engines/engine.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { canListAccounts, listAccountsOf } from '#lib/rotation/request/take-over.ts';
import type { NamedRow } from './judge-rows.ts';

/** Servers of the organization whose rotator can list their accounts. */
export async function listImportServers({ organizationId }: Context): Promise<ImportServerListWire> {
  const rows = await db.server.findMany({
    where: { organizationId, rotatorName: { not: null }, rotatorHost: { not: null } },
    orderBy: [{ rotatorHost: 'asc' }, { createdAt: 'asc' }],
    take: 500,
  });
  const servers = rows.flatMap(({ id, engine, version, rotatorHost: host, rotatorPort: port, rotatorName }) =>
    host === null || port === null || rotatorName === null || !canListAccounts(engine) ? [] : [{ id, engine, version, host, port, rotator_name: rotatorName }],
  );
  return { servers };
}

/** A server of the organization. Throws not_found. */
export async function loadServer({ organizationId }: Context, id: string): Promise<Server> {
  const server = await db.server.findFirst({ where: { id, organizationId } });
  if (!server) throw notFound('server');
  return server;
}

/** The projects that have a login of this server, by the role's name: known by the server's row or by the rotator's address. */
export async function findAdopted({ id, organizationId, engine, rotatorHost: host, rotatorPort: directPort }: Server): Promise<Map<string, NamedRow>> {
  const at = host === null || directPort === null ? [] : [{ host, directPort, server: { engine } }];
  const projects = await db.project.findMany({
    where: { organizationId, database: { OR: [{ serverId: id }, ...at] } },
    select: { id: true, name: true, database: { select: { roleName: true } } },
    orderBy: { createdAt: 'desc' },
  });
  return new Map(projects.map((project) => [project.database.roleName, { id: project.id, name: project.name }]));
}

const OBSTACLES: Record<NonNullable<Account['obstacle']>, string> = {
  superuser: 'A superuser: the rotator may not change it.',
  not_permitted: 'The rotator may not change it. Grant it the role WITH ADMIN OPTION first.',
  is_rotator: 'This is the rotator itself.',
};

/** Why an account cannot be taken over; null where it can. */
export const obstacleText = ({ obstacle, database }: Account): string | null =>
  obstacle ? OBSTACLES[obstacle] : database === null ? 'It may connect to no database, so a new password could not be verified.' : null;

function toWire(account: Account, project: NamedRow | null): AccountWire {
  const reason = project ? null : obstacleText(account);
  return {
    name: account.name,
    database: account.database,
    sessions: account.sessions.map(({ since, ...group }) => ({ ...group, since: since?.toISOString() ?? null })),
    verdict: project ? 'already_here' : reason ? 'will_not_work' : 'take_over',
    reason,
    project,
  };
}

/**
 * The accounts of a server with what uses them now, and whether each can be taken over. Changes nothing.
 * @throws {DomainError} not_found, validation_failed for `server_id`
 */
export async function listServerAccounts(context: Context, serverId: string): Promise<AccountListWire> {
  const server = await loadServer(context, serverId);
  const [{ accounts }, adopted] = await Promise.all([listAccountsOf(server), findAdopted(server)]);
  return { accounts: accounts.map((account) => toWire(account, adopted.get(account.name) ?? null)) };
}
