import type { KeyRotation } from '#generated/prisma/client.ts';
import type { EncryptionKeysWire, KeyRotationWire } from '#lib/contract/encryption.ts';
import type { KeyRing } from '#lib/crypto/key-encryption-key.ts';
import { keyRing } from '#lib/crypto/key-ring.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { countValues } from './rewrap-column.ts';

export const keyRotationToWire = (row: KeyRotation): KeyRotationWire => ({
  id: row.id,
  key_id: row.keyId,
  state: row.state,
  rewrapped: row.rewrapped,
  unreadable: row.unreadable,
  error: row.error,
  created_at: row.createdAt.toISOString(),
  finished_at: row.finishedAt?.toISOString() ?? null,
});

/** The keys of this installation, how many values each seals, and the last re-wrapping. Counts are those of all organizations. */
export async function showKeys(_context: Context, ring: KeyRing = keyRing()): Promise<EncryptionKeysWire> {
  const [values, marks, rotation] = await Promise.all([
    countValues(),
    db.encryptionKey.findMany({ orderBy: { createdAt: 'desc' } }),
    db.keyRotation.findFirst({ orderBy: { createdAt: 'desc' } }),
  ]);
  const ids = new Set([ring.current.id, ...marks.map(({ id }) => id), ...ring.keys.map(({ id }) => id), ...values.keys()]);
  const keys = [...ids].map((id) => {
    const mark = marks.find((one) => one.id === id);
    const held = ring.keys.find((key) => key.opens(id));
    return {
      id,
      provider: held?.provider ?? (mark?.provider as 'local' | 'vault' | undefined) ?? null,
      is_current: id === ring.current.id,
      is_given: held !== undefined,
      values: values.get(id) ?? 0,
      first_used_at: mark?.createdAt.toISOString() ?? null,
    };
  });
  return { encryption_keys: keys, rotation: rotation && keyRotationToWire(rotation) };
}
