import type { Prisma, Server } from '#generated/prisma/client.ts';
import type { Context } from '#lib/context.ts';
import { openCredential } from '#lib/credentials/seal-credential.ts';
import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import type { Tx } from '#lib/db.ts';
import { invalidField } from '#lib/errors.ts';
import type { UpdateProjectBody } from '#lib/http/wire/project.ts';
import { giveUpRotation, retryAtOnce, rotationInProgress } from '#lib/rotation/let-mend.ts';
import { adoptDatabase, keepPassword } from './adopt-database.ts';
import { adoptServer, pooledColumns, rotatorColumns } from './adopt-server.ts';
import { currentCredential, type ProjectRow } from './load-project.ts';
import { lockLoginsOf, proveOthers } from './prove-others.ts';
import { readPooledUrl, readRotatorUrl, readTarget, type Target } from './read-target.ts';
import { refuseRunningRotation } from './refuse-running-rotation.ts';
import { sslModeToStore, sslModeToWire } from './ssl-mode.ts';

type Fields = Omit<UpdateProjectBody, 'name' | 'environment'>;
type Place = { databaseId: string; databaseName: string };
/** `needsProof` unless a rotation that needs attention goes on with it and proves the login itself. */
type Change = { place: Place; needsProof: boolean };

/** What of a server stands in the URLs of its logins, beside its address. */
const IN_URLS = ['sslMode', 'pooledHost', 'pooledPort'] as const satisfies (keyof Server)[];

/** Whether a change concerns where or how the login is tried. */
export const namesTarget = (fields: Fields): boolean => Object.values(fields).some((value) => value !== undefined);

/**
 * Gives a project's login another address, TLS mode, password, pooler or rotator; what is not named stays.
 * @throws {DomainError} validation_failed naming the field, rotation_in_progress
 */
export async function changeTarget(tx: Tx, context: Context, row: ProjectRow, fields: Fields): Promise<Change> {
  await lockLoginsOf(tx, row.database.serverId);
  const live = await refuseRunningRotation(tx, row.databaseId);
  const target = await targetOf(row, fields);
  const { server, roleName } = row.database;
  const { engine, host, port, user } = target.direct;
  const isSamePlace = engine === server.engine && host === server.host && port === server.directPort && user === roleName;
  const isKept = isSamePlace && (await keepsPassword(row, target));
  if (live && !isSamePlace) throw rotationInProgress(live);
  if (live) await (isKept ? retryAtOnce(tx, live) : giveUpRotation(tx, context, live));
  const databaseId = isSamePlace ? await changeInPlace(tx, context, row, fields, target) : await moveLogin(tx, context, row, target);
  return { place: { databaseId, databaseName: target.direct.database }, needsProof: !(live && isKept) };
}

/** Whether the password is the one that is kept already; one that does not open any more is another. */
async function keepsPassword(row: ProjectRow, { direct }: Target): Promise<boolean> {
  try {
    const { password } = await openCredential(currentCredential(row));
    return password.reveal() === direct.password.reveal();
  } catch (error) {
    if (error instanceof SealBrokenError) return false;
    throw error;
  }
}

/** What the fields say; without a connection URL, of the login as it is kept. */
async function targetOf(row: ProjectRow, fields: Fields): Promise<Target> {
  const { connection_url, pooled_connection_url, rotator_url, ssl_mode, ca_pem } = fields;
  if (connection_url !== undefined) {
    return readTarget({
      connection_url,
      ...(ssl_mode && { ssl_mode }),
      ...(ca_pem && { ca_pem }),
      ...(pooled_connection_url && { pooled_connection_url }),
      ...(rotator_url && { rotator_url }),
    });
  }
  if (ssl_mode !== undefined || ca_pem !== undefined)
    throw invalidField('connection_url', 'Changing TLS asks for the login again: paste the connection URL with its password.');
  const { server, roleName: user } = row.database;
  const { password } = await openCredential(currentCredential(row));
  const direct = {
    engine: server.engine,
    host: server.host,
    port: server.directPort,
    user,
    password,
    database: row.databaseName,
    sslMode: sslModeToWire(server.sslMode),
  };
  const pooled = pooled_connection_url ? readPooledUrl(pooled_connection_url, direct) : null;
  const rotator = rotator_url ? readRotatorUrl(rotator_url, direct) : null;
  for (const said of [pooled?.sslMode, rotator?.sslMode]) {
    if (said && said !== direct.sslMode)
      throw invalidField('connection_url', 'Changing TLS asks for the login again: paste the connection URL with its password.');
  }
  return { direct, pooled, rotator, sslMode: null, caPem: null };
}

async function changeInPlace(tx: Tx, context: Context, row: ProjectRow, fields: Fields, target: Target): Promise<string> {
  const { database } = row;
  const change: Prisma.ServerUncheckedUpdateInput = {
    ...(target.sslMode && { sslMode: sslModeToStore(target.sslMode) }),
    ...(fields.ca_pem !== undefined && { caPem: target.caPem }),
    ...(fields.pooled_connection_url !== undefined && pooledColumns(target.pooled)),
    ...(fields.rotator_url !== undefined && (await rotatorColumns(database.server, target))),
  };
  const server = await tx.server.update({ where: { id: database.serverId }, data: change });
  if (IN_URLS.some((column) => server[column] !== database.server[column])) await proveOthers(tx, context, { serverId: server.id, but: database.id });
  if (!(await keepsPassword(row, target))) await replacePassword(tx, row, target);
  return database.id;
}

/** Another address or role: of a login that is known there, or by moving this one with its past, or a new one where others use it. */
async function moveLogin(tx: Tx, context: Context, row: ProjectRow, target: Target): Promise<string> {
  const { database } = row;
  const { user: roleName } = target.direct;
  const server = await adoptServer(tx, context, target);
  const known = await tx.database.findUnique({ where: { serverId_roleName: { serverId: server.id, roleName } }, select: { id: true } });
  const isShared = (await tx.project.count({ where: { databaseId: database.id } })) > 1;
  if (known || isShared) return (await adoptDatabase(tx, server, target.direct)).id;
  await replacePassword(tx, row, target);
  // What was found out of the login holds for the old address.
  await tx.database.update({ where: { id: database.id }, data: { serverId: server.id, roleName, rights: {} } });
  return database.id;
}

async function replacePassword(tx: Tx, row: ProjectRow, { direct }: Target): Promise<void> {
  const { id: databaseId, organizationId } = row.database;
  const last = await tx.credential.aggregate({ where: { databaseId }, _max: { version: true } });
  await tx.credential.updateMany({ where: { databaseId, state: 'current' }, data: { state: 'retired' } });
  await keepPassword(tx, { organizationId, databaseId, version: (last._max.version ?? 0) + 1, loginName: direct.user, password: direct.password });
}
