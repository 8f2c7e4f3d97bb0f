import type { Database, Prisma } from '#generated/prisma/client.ts';
import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { openRotator, sealRotator } from '#lib/logins/seal-rotator.ts';
import { openCredential, sealCredential } from '#lib/logins/sealing.ts';
import { sslModeToStore, sslModeToWire } from '#lib/logins/ssl-mode.ts';
import { isSamePlace, placeColumns } from './login-facts.ts';
import type { Target } from './read-target.ts';
import { refuseLiveRotation } from './refuse-rotation.ts';

const WITH_CURRENT = { server: true, credentials: { where: { state: 'current' } } } satisfies Prisma.DatabaseInclude;
type Known = Prisma.DatabaseGetPayload<{ include: typeof WITH_CURRENT }>;

interface NewCredential {
  organizationId: string;
  databaseId: string;
  version: number;
  loginName: string;
  password: Secret;
  placeVersion: number;
}

/** Keeps a password that a person gave as the current credential. Its verifier is not known. */
export async function keepPassword(tx: Tx, { password, ...row }: NewCredential): Promise<void> {
  const key = { id: newId('crd'), organizationId: row.organizationId, version: row.version };
  await tx.credential.create({ data: { ...row, ...key, state: 'current', sealed: await sealCredential(key, { password, verifier: null }) } });
}

/** Whether a password is the one that is kept for a login; one that does not open any more is another. */
export async function keepsPassword({ credentials: [current] }: Pick<Known, 'credentials'>, password: Secret): Promise<boolean> {
  if (!current) return false;
  try {
    return (await openCredential(current)).password.reveal() === password.reveal();
  } catch (error) {
    if (error instanceof SealBrokenError) return false;
    throw error;
  }
}

/** The columns of a server's rotator, under the next version. */
export async function rotatorColumns(
  server: { id: string; organizationId: string; rotatorVersion: number },
  { rotator, direct, sslMode, caPem }: Pick<Target, 'rotator' | 'direct' | 'sslMode' | 'caPem'>,
) {
  const rotatorVersion = server.rotatorVersion + 1;
  return {
    rotatorVersion,
    rotatorName: rotator?.user ?? null,
    rotatorDatabase: rotator && (rotator.database ?? direct.database),
    rotatorSealed: rotator && (await sealRotator({ ...server, rotatorVersion }, rotator.password)),
    rotatorHost: rotator?.host ?? null,
    rotatorPort: rotator?.port ?? null,
    rotatorSslMode: rotator && sslModeToStore(rotator.sslMode ?? sslMode ?? 'prefer'),
    rotatorCaPem: rotator && caPem,
    rotatorPinnedKey: null,
    rotatorPinnedRsaKey: null,
  };
}

/** A server that nothing is known of yet: what is given of it counts for this login alone until a login has proven it. */
export async function createServer(tx: Tx, organizationId: string, target: Target): Promise<string> {
  const key = { id: newId('srv'), organizationId, rotatorVersion: 0 };
  await tx.server.create({ data: { ...key, engine: target.direct.engine, ...(await rotatorColumns(key, target)) } });
  return key.id;
}

/** Refuses what contradicts the facts of a login that is known, naming the field. */
async function refuseOtherFacts(known: Known, { pooled, rotator, sslMode, caPem, direct }: Target): Promise<void> {
  const change = 'Change it in the Settings of the project that uses this login, or leave it out.';
  if (sslMode !== null && sslMode !== sslModeToWire(known.sslMode))
    throw invalidField('ssl_mode', `This login is adopted with the TLS mode ${sslModeToWire(known.sslMode)}. ${change}`);
  if (caPem !== null && caPem !== known.caPem) throw invalidField('ca_pem', `This login is adopted with another CA, or none. ${change}`);
  const at = known.pooledPort === null ? null : `${known.pooledHost}:${known.pooledPort}`;
  const isOtherUser = (pooled?.user ?? null) !== (known.pooledUser ?? direct.user);
  if (pooled && (`${pooled.host}:${pooled.port}` !== at || isOtherUser))
    throw invalidField(
      'pooled_connection_url',
      at === null ? `This login is adopted without a pooler. ${change}` : `This login is adopted with the pooler ${at}. ${change}`,
    );
  if (!pooled && at !== null) throw invalidField('pooled_connection_url', `This login is adopted with the pooler ${at}. Add the pooled URL too.`);
  const { server } = known;
  const isKnownRotator =
    rotator === null ||
    (rotator.user === server.rotatorName &&
      server.rotatorSealed !== null &&
      rotator.password.reveal() === (await openRotator(server, server.rotatorSealed)).reveal());
  if (!isKnownRotator)
    throw invalidField('rotator_url', 'The server of this login has another rotator, or none. Set it in the Settings of the project, or leave it out.');
}

/** A login that is known at this address under this very password: to know it is to have it. */
async function findKnown(tx: Tx, organizationId: string, target: Target): Promise<Known | null> {
  const { host, port: directPort, user: roleName, engine, password } = target.direct;
  const rows = await tx.database.findMany({
    where: { organizationId, host, directPort, roleName, server: { engine } },
    include: WITH_CURRENT,
    orderBy: { createdAt: 'asc' },
  });
  for (const row of rows) {
    if (!(await keepsPassword(row, password))) continue;
    // Nothing is taken over from a login that has not been proven: it must have been given in the same way.
    const isProven = row.credentials.some(({ directProvenAt }) => directProvenAt !== null);
    if (isProven || (isSamePlace(row, { ...row, ...placeColumns(target) }) && target.rotator === null && row.server.rotatorName === null)) return row;
  }
  return null;
}

/**
 * The login that is known under what a target says, locked; null where there is none.
 * @throws {DomainError} validation_failed naming the field that differs from what is kept, rotation_in_progress
 */
export async function findLogin(tx: Tx, organizationId: string, target: Target): Promise<Database | null> {
  const known = await findKnown(tx, organizationId, target);
  if (!known) return null;
  await refuseLiveRotation(tx, known.id);
  await refuseOtherFacts(known, target);
  return known;
}

/** Keeps a login that is not known yet, on a server of its own until it is proven. */
export async function createLogin(tx: Tx, organizationId: string, target: Target): Promise<Database> {
  const { user, password } = target.direct;
  const id = newId('dbs');
  const serverId = await createServer(tx, organizationId, target);
  const database = await tx.database.create({ data: { id, organizationId, serverId, roleName: user, loginKey: id, ...placeColumns(target) } });
  await keepPassword(tx, { organizationId, databaseId: id, version: 1, loginName: user, password, placeVersion: 1 });
  return database;
}
