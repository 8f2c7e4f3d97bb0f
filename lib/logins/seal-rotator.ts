import { open, type SealContext, seal } from '#lib/crypto/envelope.ts';
import { Secret } from '#lib/crypto/secret.ts';

interface ServerKey {
  id: string;
  organizationId: string;
  rotatorVersion: number;
}

/** Where the password of a rotator belongs. */
export const rotatorContext = (server: ServerKey): SealContext => ({
  organizationId: server.organizationId,
  table: 'servers',
  row: server.id,
  field: 'rotator_sealed',
  version: server.rotatorVersion,
});

/** Seals the password of a server's rotator login for exactly this server row and version. */
export const sealRotator = (server: ServerKey, password: Secret): Promise<string> => seal(password.reveal(), rotatorContext(server));

/** Opens the password of a server's rotator login. */
export const openRotator = async (server: ServerKey, sealed: string): Promise<Secret> => new Secret(await open(sealed, rotatorContext(server)));
