import type { Credential } from '#generated/prisma/client.ts';
import { type CredentialSecret, openCredential } from '#lib/credentials/seal-credential.ts';
import type { Login } from '#lib/engines/engine.ts';

export type LoginSecret = Login & Pick<CredentialSecret, 'verifier'>;

/** The login with one version of a password. Throws SealBrokenError. */
export const loginOf = async (credential: Credential): Promise<LoginSecret> => ({ user: credential.loginName, ...(await openCredential(credential)) });
