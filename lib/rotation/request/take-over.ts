import type { Server } from '#generated/prisma/client.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { type Account, EngineError, type EngineName, type Rotator } from '#lib/engines/engine.ts';
import { engineFor } from '#lib/engines/registry.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { engineOf } from '#lib/logins/counted-engine.ts';
import { failureText } from '#lib/logins/failures.ts';
import { sealCredential } from '#lib/logins/sealing.ts';
import { rotatorOf } from '#lib/logins/target.ts';
import { trustFirstRotatorKey } from '#lib/logins/trust-keys.ts';
import { wake } from '#lib/queue/wake.ts';
import { insertRotation, newIds, tryTakeLogin } from './insert-rotation.ts';

/** Whether the accounts of such a server can be listed and taken over. */
export const canListAccounts = (engine: EngineName): boolean => engineFor(engine).listAccounts !== undefined;

async function openRotatorOf(server: Server): Promise<Rotator> {
  const { rotatorHost: host, rotatorPort: directPort } = server;
  const rotator = host === null || directPort === null ? null : await rotatorOf({ host, directPort }, server, 'postgres');
  const trusted = await trustFirstRotatorKey(server, rotator);
  if (!trusted) throw invalidField('server_id', 'This server has no rotator. Set one in the Settings of a project on it.');
  return trusted;
}

/**
 * The accounts of a server, as its rotator sees them. Changes nothing.
 * @throws {DomainError} validation_failed for `server_id` where there is no rotator, it cannot log in, or the engine lists none
 */
export async function listAccountsOf(server: Server): Promise<{ iterations: number; accounts: Account[] }> {
  const engine = engineOf({ organizationId: server.organizationId, server });
  if (!engine.listAccounts) throw invalidField('server_id', 'Accounts of this kind of server cannot be listed. Import their connection URLs instead.');
  try {
    return await engine.listAccounts(await openRotatorOf(server));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw invalidField('server_id', `The rotator could not list the accounts: ${failureText(error.code, { engine: server.engine })} Nothing was changed.`);
  }
}

interface TakenLogin {
  id: string;
  organizationId: string;
  name: string;
}

/**
 * Begins the first rotation of a login with an unknown password, inside the transaction that adopts it. There is no
 * present password to prove, so the rotation begins where one goes on whose change may have been sent: a new password is
 * staged, and the rotator sends it unless a login shows that it has landed. In the place of the old password stands a
 * random one that the server has never seen: it is what an undone rotation leaves, so the login is known either way.
 * Call `wakeTakeOver` after the commit.
 */
export async function insertTakeOver(
  tx: Tx,
  project: TakenLogin,
  databaseId: string,
  { iterations, requestedBy }: { iterations: number; requestedBy: string },
): Promise<{ jobId: string; rotationId: string; lane: string }> {
  const { organizationId } = project;
  const database = await tx.database.findUniqueOrThrow({ where: { id: databaseId }, include: { server: true } });
  const common = { organizationId, databaseId, loginName: database.roleName };
  const standIn = { id: newId('crd'), organizationId, version: 1 };
  const staged = { id: newId('crd'), organizationId, version: 2 };
  const password = generatePassword();
  const verifier = await engineFor(database.server.engine).makeVerifier(password, iterations);
  await tx.credential.createMany({
    data: [
      { ...common, ...standIn, state: 'current', sealed: await sealCredential(standIn, { password: generatePassword(), verifier: null }) },
      { ...common, ...staged, state: 'staged', sealed: await sealCredential(staged, { password, verifier }) },
    ],
  });
  const ids = newIds();
  await tryTakeLogin(tx, databaseId, ids.jobId);
  const lane = await insertRotation(
    tx,
    ids,
    { project: { id: project.id, organizationId, database }, type: 'rotate_credentials', requestedBy },
    { state: 'applying', fromCredentialId: standIn.id, toCredentialId: staged.id, note: 'Take over: nobody knew the password before.' },
  );
  return { ...ids, lane };
}

/** Wakes a worker for a take-over whose transaction has committed. */
export const wakeTakeOver = ({ rotationId, lane }: { rotationId: string; lane: string }): void => void wake('rotation.advance', { rotationId, lane });
