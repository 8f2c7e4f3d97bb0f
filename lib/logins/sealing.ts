import { open, type SealContext, seal } from '#lib/crypto/envelope.ts';
import { Secret } from '#lib/crypto/secret.ts';

/** The secret half of a credential: the password, and the verifier the server holds for it where it is known. */
export interface CredentialSecret {
  password: Secret;
  verifier: string | null;
}

interface CredentialKey {
  id: string;
  organizationId: string;
  version: number;
}

/** Where a credential belongs. */
export const credentialContext = (row: CredentialKey): SealContext => ({
  organizationId: row.organizationId,
  table: 'credentials',
  row: row.id,
  field: 'sealed',
  version: row.version,
});

/** Seals password and verifier for exactly this credential row. */
export function sealCredential(row: CredentialKey, secret: CredentialSecret): Promise<string> {
  return seal(JSON.stringify({ password: secret.password.reveal(), verifier: secret.verifier }), credentialContext(row));
}

/** Opens a credential row. Throws SealBrokenError where the row was tampered with or the key is another. */
export async function openCredential(row: CredentialKey & { sealed: string }): Promise<CredentialSecret> {
  const { password, verifier } = JSON.parse(await open(row.sealed, credentialContext(row))) as { password: string; verifier: string | null };
  return { password: new Secret(password), verifier };
}
