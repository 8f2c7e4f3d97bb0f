import type { Credential, Server } from '#generated/prisma/client.ts';
import { type CredentialSecret, openCredential } from '#lib/credentials/seal-credential.ts';
import { openRotator } from '#lib/credentials/seal-rotator.ts';
import type { Login } from '#lib/engines/engine.ts';

export type LoginSecret = Login & Pick<CredentialSecret, 'verifier'>;

/** The login with one version of a password. Throws SealBrokenError. */
export const loginOf = async (credential: Credential): Promise<LoginSecret> => ({ user: credential.loginName, ...(await openCredential(credential)) });

/** The rotator login of a server; null where it has none. Throws SealBrokenError. */
export async function rotatorLogin(server: Server): Promise<Login | null> {
  const { rotatorName: user, rotatorSealed } = server;
  return user && rotatorSealed ? { user, password: await openRotator(server, rotatorSealed) } : null;
}
