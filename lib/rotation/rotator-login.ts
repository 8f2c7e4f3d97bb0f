import type { Server } from '#generated/prisma/client.ts';
import { openRotator } from '#lib/credentials/seal-rotator.ts';
import type { Login } from '#lib/engines/engine.ts';

/** The rotator login of a server; null where it has none. Throws SealBrokenError. */
export async function rotatorLogin(server: Server): Promise<Login | null> {
  const { rotatorName: user, rotatorSealed } = server;
  return user && rotatorSealed ? { user, password: await openRotator(server, rotatorSealed) } : null;
}
