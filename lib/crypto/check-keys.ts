import { db, type Tx } from '#lib/kernel/db.ts';
import { open, type SealContext, seal } from './envelope.ts';
import { type KeyRing, SealBrokenError } from './key-encryption-key.ts';
import { keyRing } from './key-ring.ts';
import { KeySettingError } from './read-key-ring.ts';

const PLAIN = 'rekey';
/** The marks of all keys hold the same text, and each opens only with its own key. */
const CONTEXT: SealContext = { organizationId: '', table: 'key_checks', row: '1', field: 'sealed', version: 1 };

/** Serializes starts: two with different keys on an empty database would both find no mark to compare their key with. */
const LOCK = 1_380_272_986;

/** Leaves the mark of the current key, where there is none: from now on it is asked for at boot. */
export async function markKey(ring: KeyRing = keyRing(), tx: Tx = db): Promise<void> {
  const sealed = await seal(PLAIN, CONTEXT, ring);
  const { id, provider } = ring.current;
  await tx.encryptionKey.createMany({ data: [{ id, provider, sealed }], skipDuplicates: true });
}

/**
 * Refuses to go on without every key that values may be sealed with. The first start with a key leaves its mark.
 * Throws KeySettingError, and nothing was changed.
 */
export async function checkEncryptionKeys(ring: KeyRing = keyRing()): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT FROM (SELECT pg_advisory_xact_lock(${LOCK})) AS lock`;
    const marks = await tx.encryptionKey.findMany({ orderBy: { createdAt: 'asc' } });
    const missing: string[] = [];
    for (const mark of marks) if (!(await opens(ring, mark.sealed))) missing.push(mark.id);
    if (missing.length > 0) throw new KeySettingError(sentence(ring.setting, missing, marks.length));
    await markKey(ring, tx);
  });
}

async function opens(ring: KeyRing, sealed: string): Promise<boolean> {
  try {
    return (await open(sealed, CONTEXT, ring)) === PLAIN;
  } catch (error) {
    if (error instanceof SealBrokenError) return false;
    throw error;
  }
}

function sentence(setting: string, missing: string[], known: number): string {
  const names = missing.join(', ');
  if (missing.length === known)
    return `${setting} is not the key this database was encrypted with (${names}). Start with the right key; to change to a new one, also set the old one in REKEY_ENCRYPTION_KEYS_EARLIER. Nothing was changed.`;
  return `REKEY_ENCRYPTION_KEYS_EARLIER lacks a key that values are still encrypted with (${names}). Add it, and run \`rekey keys rotate\` before you remove it. Nothing was changed.`;
}
