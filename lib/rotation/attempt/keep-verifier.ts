import type { Tx } from '#lib/kernel/db.ts';
import { sealCredential } from '#lib/logins/sealing.ts';
import type { Attempt } from '#lib/rotation/machine/attempt.ts';

/** Adopts a verifier of the old password, which an undo would restore. Returns the write that stores it, for the next move. */
export async function keepVerifier({ row, current }: Attempt, verifier: string): Promise<(tx: Tx) => Promise<unknown>> {
  const sealed = await sealCredential(row.fromCredential, { password: current.password, verifier });
  current.verifier = verifier;
  return (tx) => tx.credential.update({ where: { id: row.fromCredentialId }, data: { sealed } });
}
