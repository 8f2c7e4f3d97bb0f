import { db } from '#lib/db.ts';
import { open, SealBrokenError, type SealContext, seal } from './envelope.ts';

const PLAIN = 'rekey';
const CONTEXT: SealContext = { organizationId: '', table: 'key_checks', row: '1', field: 'sealed', version: 1 };

/**
 * Refuses to go on with an encryption key other than the one this database was sealed with.
 * The first start leaves the mark that later starts are compared with.
 */
export async function checkEncryptionKey(): Promise<void> {
  await db.keyCheck.createMany({ data: [{ id: 1, sealed: seal(PLAIN, CONTEXT) }], skipDuplicates: true });
  const { sealed } = await db.keyCheck.findUniqueOrThrow({ where: { id: 1 } });
  try {
    open(sealed, CONTEXT);
  } catch (error) {
    if (!(error instanceof SealBrokenError)) throw error;
    throw new Error('REKEY_ENCRYPTION_KEY is not the key this database was sealed with. Start with the right key; nothing was changed.');
  }
}
