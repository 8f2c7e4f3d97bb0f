import { open, type SealContext, seal } from '#lib/crypto/envelope.ts';
import { Secret } from '#lib/crypto/secret.ts';

interface ValueKey {
  id: string;
  organizationId: string;
  version: number;
}

/** Where the value of a secret belongs. */
export const valueContext = ({ id, organizationId, version }: ValueKey): SealContext => ({
  organizationId,
  table: 'environment_secrets',
  row: id,
  field: 'sealed',
  version,
});

/** Seals the value of a secret for exactly this row and version. */
export const sealValue = (row: ValueKey, value: Secret): Promise<string> => seal(value.reveal(), valueContext(row));

/** Opens the value of a secret. Throws SealBrokenError. */
export const openValue = async (row: ValueKey & { sealed: string }): Promise<Secret> => new Secret(await open(row.sealed, valueContext(row)));
