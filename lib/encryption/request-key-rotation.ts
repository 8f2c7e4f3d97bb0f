import { recordAudit } from '#lib/audit/record-audit.ts';
import type { KeyRotationWire } from '#lib/contract/encryption.ts';
import { markKey } from '#lib/crypto/check-keys.ts';
import type { KeyRing } from '#lib/crypto/key-encryption-key.ts';
import { keyRing } from '#lib/crypto/key-ring.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, isUniqueViolation } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { wake } from '#lib/queue/wake.ts';
import { keyRotationToWire } from './show-keys.ts';

/**
 * Has everything of this installation wrapped with the current key. A worker does it; nothing is kept from being read.
 * @throws {DomainError} job_in_progress
 */
export async function requestKeyRotation(context: Context, ring: KeyRing = keyRing()): Promise<KeyRotationWire> {
  await markKey(ring);
  const { organizationId, actor } = context;
  const row = { id: newId('ekr'), organizationId, keyId: ring.current.id, requestedBy: actor.name };
  try {
    const created = await db.$transaction(async (tx) => {
      const rotation = await tx.keyRotation.create({ data: row });
      await recordAudit(tx, context, { action: 'encryption.rotation_requested', metadata: { key_id: row.keyId, key_rotation_id: row.id } });
      return rotation;
    });
    await wake('encryption.rewrap', { rotationId: row.id });
    return keyRotationToWire(created);
  } catch (error) {
    if (isUniqueViolation(error)) throw new DomainError('job_in_progress', 'A key rotation is already in progress. `rekey keys` shows its progress.');
    throw error;
  }
}
