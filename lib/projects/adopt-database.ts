import type { Database, Server } from '#generated/prisma/client.ts';
import type { ParsedUrl } from '#lib/connections/parse-url.ts';
import { openCredential, sealCredential } from '#lib/credentials/seal-credential.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import type { Tx } from '#lib/db.ts';
import { invalidField } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { refuseLiveRotation } from './refuse-live-rotation.ts';

interface NewCredential {
  organizationId: string;
  databaseId: string;
  version: number;
  loginName: string;
  password: Secret;
}

/** Keeps a password that a person gave as the current credential. Its verifier is not known. */
export async function keepPassword(tx: Tx, { password, ...row }: NewCredential): Promise<void> {
  const key = { id: newId('crd'), organizationId: row.organizationId, version: row.version };
  await tx.credential.create({ data: { ...row, ...key, state: 'current', sealed: await sealCredential(key, { password, verifier: null }) } });
}

/**
 * The login of a target: the known one, where the password is the one kept for it, or a new one with version 1.
 * @throws {DomainError} validation_failed where the passwords differ, rotation_in_progress
 */
export async function adoptDatabase(tx: Tx, server: Server, { user, password }: Pick<ParsedUrl, 'user' | 'password'>): Promise<Database> {
  const { organizationId } = server;
  const known = await tx.database.findUnique({
    where: { serverId_roleName: { serverId: server.id, roleName: user } },
    include: { credentials: { where: { state: 'current' } } },
  });
  if (!known) {
    const database = await tx.database.create({ data: { id: newId('dbs'), organizationId, serverId: server.id, roleName: user } });
    await keepPassword(tx, { organizationId, databaseId: database.id, version: 1, loginName: user, password });
    return database;
  }
  await refuseLiveRotation(tx, known.id);
  const [current] = known.credentials;
  if (!current || (await openCredential(current)).password.reveal() !== password.reveal()) {
    throw invalidField(
      'connection_url',
      `Another project keeps the login ${user} on this server with another password. Copy the URL from its Connections page.`,
    );
  }
  return known;
}
