import type { Credential } from '#generated/prisma/client.ts';
import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { openCredential } from '#lib/logins/sealing.ts';

/** Nearly always it is one of the newest: a login that was reset a thousand times must not cost a thousand rows. */
const AT_ONCE = 4;

/** Whether a password is one that Rekey keeps or kept for a login: who writes it into a file shows that the file is of this login. */
export async function isKept(tx: Tx, databaseId: string, password: string): Promise<boolean> {
  for (let skip = 0; ; skip += AT_ONCE) {
    const versions = await tx.credential.findMany({ where: { databaseId }, orderBy: { version: 'desc' }, skip, take: AT_ONCE });
    for (const version of versions) if (await holds(version, password)) return true;
    if (versions.length < AT_ONCE) return false;
  }
}

async function holds(version: Credential, password: string): Promise<boolean> {
  try {
    return (await openCredential(version)).password.reveal() === password;
  } catch (error) {
    if (error instanceof SealBrokenError) return false;
    throw error;
  }
}

/** Locks a file for one writer among all our processes, until the transaction ends. */
export async function lockConfig(tx: Tx, path: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`rekey:wp-config:${path}`}, 0))::text`;
}
