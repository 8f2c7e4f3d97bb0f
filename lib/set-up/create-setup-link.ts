import { randomBytes } from 'node:crypto';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { lockSetUp } from './lock-set-up.ts';
import { hashToken } from './setup-token.ts';

/** The path of a new one-time set-up link; links printed before open nothing any more. Null once there is an owner. */
export async function createSetupLink(): Promise<string | null> {
  const token = randomBytes(32).toString('base64url');
  const isOpen = await db.$transaction(async (tx) => {
    await lockSetUp(tx);
    await tx.setupLink.deleteMany({ where: { usedAt: null } });
    if ((await tx.user.count()) > 0) return false;
    await tx.setupLink.create({ data: { id: newId('stl'), tokenHash: hashToken(token) } });
    return true;
  });
  return isOpen ? `/setup?token=${token}` : null;
}
