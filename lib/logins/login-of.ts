import type { Credential } from '#generated/prisma/client.ts';
import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import type { Login } from '#lib/engines/engine.ts';
import { db } from '#lib/kernel/db.ts';
import { type CredentialSecret, openCredential } from './sealing.ts';

export type LoginSecret = Login & Pick<CredentialSecret, 'verifier'>;

/** The login with one version of a password. Throws SealBrokenError. */
export const loginOf = async (credential: Credential): Promise<LoginSecret> => ({ user: credential.loginName, ...(await openCredential(credential)) });

/** How many other versions a server may turn out to hold. */
const MOST_OTHERS = 3;

/**
 * The same, with the verifiers of the newest other versions: a server that shows one of them, as after a restore, rejects
 * this one without a failed login. Throws SealBrokenError.
 */
export async function loginKnowingOthers(credential: Credential): Promise<LoginSecret> {
  const { id, databaseId, loginName, placeVersion } = credential;
  const others = await db.credential.findMany({
    // Of old ones the password is erased after a time.
    where: { databaseId, loginName, placeVersion, id: { not: id }, sealed: { not: '' } },
    orderBy: { version: 'desc' },
    take: MOST_OTHERS,
  });
  const secrets = await Promise.all(others.map((other) => openCredential(other).catch(unlessBroken)));
  return { ...(await loginOf(credential)), others: secrets.flatMap((secret) => secret?.verifier ?? []) };
}

/** Of a version that does not open nothing is known; it is not the one that is tried. */
function unlessBroken(error: unknown): null {
  if (error instanceof SealBrokenError) return null;
  throw error;
}
