import { open, type SealContext, seal } from '#lib/crypto/envelope.ts';
import { Secret } from '#lib/crypto/secret.ts';

interface FactorKey {
  id: string;
  organizationId: string;
}

/** Where the secret of a second factor belongs. */
export const totpContext = ({ id, organizationId }: FactorKey): SealContext => ({
  organizationId,
  table: 'second_factors',
  row: id,
  field: 'secret_sealed',
  version: 1,
});

/** Seals the secret of a second factor for exactly this row. */
export const sealTotpSecret = (factor: FactorKey, secret: Secret): Promise<string> => seal(secret.reveal(), totpContext(factor));

/** Opens the secret of a second factor. */
export const openTotpSecret = async (factor: FactorKey, sealed: string): Promise<Secret> => new Secret(await open(sealed, totpContext(factor)));
