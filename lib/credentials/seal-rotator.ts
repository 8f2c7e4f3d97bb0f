import { open, type SealContext, seal } from '#lib/crypto/envelope.ts';
import { Secret } from '#lib/crypto/secret.ts';

interface ServerKey {
  id: string;
  organizationId: string;
}

const contextOf = (server: ServerKey): SealContext => ({
  organizationId: server.organizationId,
  table: 'servers',
  row: server.id,
  field: 'rotator_sealed',
  version: 1,
});

/** Seals the password of a server's rotator login for exactly this server row. */
export const sealRotator = (server: ServerKey, password: Secret): string => seal(password.reveal(), contextOf(server));

/** Opens the password of a server's rotator login. */
export const openRotator = (server: ServerKey, sealed: string): Secret => new Secret(open(sealed, contextOf(server)));
