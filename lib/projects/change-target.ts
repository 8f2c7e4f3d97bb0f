import type { Prisma, Server } from '#generated/prisma/client.ts';
import { authorize } from '#lib/access/authorize.ts';
import type { UpdateProjectBody } from '#lib/contract/project.ts';
import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { DomainError, invalidField } from '#lib/kernel/errors.ts';
import { currentCredential, type ProjectRow } from '#lib/logins/load-project.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { sslModeToStore, sslModeToWire } from '#lib/logins/ssl-mode.ts';
import { hasRotator } from '#lib/logins/target.ts';
import { withTlsMode } from '#lib/logins/url-template.ts';
import { giveUpRotation, lockLogin, retryAtOnce, rotationInProgress } from '#lib/rotation/machine/live-rotation.ts';
import { createLogin, createServer, findLogin, keepPassword, keepsPassword, rotatorColumns } from './adopt-login.ts';
import { copyRotator } from './join-server.ts';
import { isSamePlace, placeColumns, pooledColumns, pooledUrlColumns } from './login-facts.ts';
import { readPooledUrl, readRotatorUrl, readTarget, type Target } from './read-target.ts';
import { refuseRunningRotation } from './refuse-rotation.ts';

type Fields = Omit<UpdateProjectBody, 'name' | 'environment'>;
type Urls = Partial<Pick<ProjectRow, 'databaseName' | 'directUrl' | 'pooledDatabaseName' | 'pooledUrl'>>;
type Place = Urls & { databaseId: string };
/**
 * `needsProof` unless a rotation that needs attention goes on with it and proves the login itself. `droppedRotator`: the
 * rotator of the old address, which does not serve the login at the new one.
 */
type Change = { place: Place; needsProof: boolean; droppedRotator: string | null };

/** Whether a change concerns where or how the login is tried. */
export const namesTarget = (fields: Fields): boolean => Object.values(fields).some((value) => value !== undefined);

/**
 * Gives a project's login another address, TLS mode, password, pooler or rotator; what is not named stays.
 * @throws {DomainError} validation_failed naming the field, rotation_in_progress, conflict, forbidden
 */
export async function changeTarget(tx: Tx, context: Context, row: ProjectRow, fields: Fields): Promise<Change> {
  if (fields.rotator_url !== undefined) authorize(context, 'servers.manage');
  const live = await refuseRunningRotation(tx, row.databaseId);
  const target = await targetOf(row, fields);
  const { database } = row;
  const { engine, host, port, user } = target.direct;
  const isSameLogin = engine === database.server.engine && host === database.host && port === database.directPort && user === database.roleName;
  const isKept = isSameLogin && (await keepsPassword(database, target.direct.password));
  if (live && !isSameLogin) throw rotationInProgress(live);
  if (live) await (isKept ? retryAtOnce(tx, live) : giveUpRotation(tx, context, live));
  const keepsRotator = isSameLogin || (fields.rotator_url === undefined && isServedBy(database.server, target));
  const databaseId = isSameLogin ? await changeInPlace(tx, row, fields, target, isKept) : await moveLogin(tx, context, row, target, keepsRotator);
  const droppedRotator = keepsRotator || fields.rotator_url !== undefined || !hasRotator(database, database.server) ? null : database.server.rotatorName;
  return { place: { databaseId, ...newUrls(row, fields, target, isSameLogin) }, needsProof: !(live && isKept), droppedRotator };
}

/** Whether a server's rotator stands at the address of a target and is another role. */
const isServedBy = (server: Server, { direct: { engine, host, port, user } }: Target): boolean =>
  server.engine === engine && server.rotatorName !== user && hasRotator({ host, directPort: port }, server);

/** How the project's URLs are written from now on; what is not named stays. */
function newUrls({ pooledUrl, database }: ProjectRow, fields: Fields, target: Target, isSameLogin: boolean): Urls {
  const { ssl_mode: mode } = fields;
  const isGivenPooled = !isSameLogin || fields.pooled_connection_url !== undefined;
  return {
    ...(fields.connection_url !== undefined && { databaseName: target.direct.database, directUrl: target.direct.template }),
    ...(isGivenPooled && pooledUrlColumns(target)),
    ...(!isGivenPooled && mode && pooledUrl !== null && { pooledUrl: withTlsMode(pooledUrl, database.server.engine, mode) }),
  };
}

/** What the fields say; without a connection URL, of the login as it is kept. */
export async function targetOf(row: ProjectRow, fields: Fields): Promise<Target> {
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
    throw invalidField('connection_url', 'Changing TLS needs the login again: paste the connection URL with its password.');
  const { database, databaseName } = row;
  const { password } = await openCredential(currentCredential(row));
  const direct = {
    engine: database.server.engine,
    host: database.host,
    port: database.directPort,
    user: database.roleName,
    password,
    database: databaseName,
    sslMode: sslModeToWire(database.sslMode),
    template: row.directUrl ?? '',
  };
  const pooled = pooled_connection_url ? readPooledUrl(pooled_connection_url, direct) : null;
  const rotator = rotator_url ? readRotatorUrl(rotator_url, direct) : null;
  return { direct, pooled, rotator, sslMode: direct.sslMode, caPem: database.caPem };
}

/** What of a login's place is named; all else stays. */
function newPlace({ database }: ProjectRow, fields: Fields, target: Target): Prisma.DatabaseUncheckedUpdateInput {
  const { ssl_mode: mode } = fields;
  const isGivenPooled = fields.pooled_connection_url !== undefined;
  const saysTls = fields.connection_url !== undefined && target.sslMode !== null && target.sslMode !== sslModeToWire(database.sslMode);
  const changesCa = fields.ca_pem !== undefined && target.caPem !== database.caPem;
  return {
    ...(saysTls && target.sslMode && { sslMode: sslModeToStore(target.sslMode) }),
    ...(changesCa && { caPem: target.caPem }),
    ...(!isGivenPooled && mode && database.pooledPort !== null && { pooledSslMode: sslModeToStore(mode) }),
    ...(isGivenPooled && pooledColumns({ ...target, sslMode: target.sslMode ?? sslModeToWire(database.sslMode) })),
  };
}

async function changeInPlace(tx: Tx, row: ProjectRow, fields: Fields, target: Target, isKept: boolean): Promise<string> {
  const { database } = row;
  if (fields.rotator_url !== undefined) await setRotator(tx, row, target);
  const place = newPlace(row, fields, target);
  const isMoved = !isSamePlace(database, { ...database, ...(place as Partial<typeof database>) });
  if (isMoved) await refuseWhileRetiring(tx, database.id, isKept);
  const placeVersion = database.placeVersion + (isMoved ? 1 : 0);
  if (isMoved) await tx.database.update({ where: { id: database.id }, data: { ...place, placeVersion } });
  if (!isKept) await replacePassword(tx, row, target, placeVersion);
  // Who gives the present password takes with it what is still valid beside it.
  else if (isMoved) await tx.credential.updateMany({ where: { databaseId: database.id, state: { not: 'retired' } }, data: { placeVersion } });
  return database.id;
}

/** Sets the rotator of a server, for all logins at its address. None is known to be changed by it before it has been asked. */
async function setRotator(tx: Tx, { database }: ProjectRow, target: Target): Promise<void> {
  const { id, engine: _, ...server } = database.server;
  const columns = await rotatorColumns(
    { id, ...server },
    { ...target, sslMode: target.sslMode ?? sslModeToWire(database.sslMode), caPem: target.caPem ?? database.caPem },
  );
  // It stands at the login's own address, whose key is known.
  const pins = target.rotator && { rotatorPinnedKey: database.directPinnedKey, rotatorPinnedRsaKey: database.directPinnedRsaKey };
  await tx.server.update({ where: { id }, data: { ...columns, ...pins } });
  await tx.$executeRaw`
    UPDATE databases SET rights = rights || '{"rotator_may_change": null}' WHERE server_id = ${id} AND jsonb_typeof(rights->'rotator_may_change') = 'boolean'`;
}

/** What is still valid beside the present password goes to another place only with who knows that one. */
async function refuseWhileRetiring(tx: Tx, databaseId: string, isKept: boolean): Promise<void> {
  if (isKept || (await tx.credential.count({ where: { databaseId, state: 'retiring' } })) === 0) return;
  throw new DomainError(
    'conflict',
    'An earlier password of this login is still valid. Send the current password with the new address, or wait until the earlier one has ended; nothing was changed.',
  );
}

/** Lets a login answer MD5 where nothing proves the server, or no longer. Whether the login is to be checked: a live rotation goes on with the choice itself. */
export async function chooseMd5(tx: Tx, databaseId: string, allowsMd5: boolean): Promise<boolean> {
  const live = await lockLogin(tx, databaseId);
  await tx.database.update({ where: { id: databaseId }, data: { allowsMd5, allowsMd5SinceUpgrade: false } });
  if (live) await retryAtOnce(tx, live);
  return !live;
}

/** Another address or role: of a login that is known there, or by moving this one with its past, or a new one where others use it. */
async function moveLogin(tx: Tx, context: Context, row: ProjectRow, target: Target, keepsRotator: boolean): Promise<string> {
  const { organizationId } = context;
  const { id, placeVersion } = row.database;
  const known = await findLogin(tx, organizationId, target);
  if (known) return known.id;
  if ((await tx.project.count({ where: { databaseId: id } })) > 1) return (await createLogin(tx, organizationId, target)).id;
  const serverId = await createServer(tx, organizationId, target);
  if (keepsRotator) await copyRotator(tx, row.database.server, serverId);
  const isKept = await keepsPassword(row.database, target.direct.password);
  await refuseWhileRetiring(tx, id, isKept);
  const moved = {
    serverId,
    roleName: target.direct.user,
    placeVersion: placeVersion + 1,
    loginKey: id,
    allowsMd5: false,
    allowsMd5SinceUpgrade: false,
    ...placeColumns(target),
  };
  if (isKept) await tx.credential.updateMany({ where: { databaseId: id, state: 'retiring' }, data: { placeVersion: moved.placeVersion } });
  await replacePassword(tx, row, target, moved.placeVersion);
  // What was found out of the login holds for the old address.
  await tx.database.update({ where: { id }, data: { ...moved, rights: {} } });
  return id;
}

async function replacePassword(tx: Tx, row: ProjectRow, { direct }: Target, placeVersion: number): Promise<void> {
  const { id: databaseId, organizationId } = row.database;
  const last = await tx.credential.aggregate({ where: { databaseId }, _max: { version: true } });
  await tx.credential.updateMany({ where: { databaseId, state: 'current' }, data: { state: 'retired' } });
  await keepPassword(tx, {
    organizationId,
    databaseId,
    version: (last._max.version ?? 0) + 1,
    loginName: direct.user,
    password: direct.password,
    placeVersion,
  });
}
