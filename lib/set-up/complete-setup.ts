import { recordAudit } from '#lib/audit/record-audit.ts';
import { hashPassword } from '#lib/auth/hash-password.ts';
import { refuseCommonPassword } from '#lib/auth/refuse-common-password.ts';
import type { SetupBody } from '#lib/contract/setup.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Origin } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { slugOf } from '#lib/kernel/slug.ts';
import { createOwner } from './create-owner.ts';
import { ensureOrganization } from './ensure-organization.ts';
import { lockSetUp } from './lock-set-up.ts';
import { deadLink, hashToken, refuseToken } from './setup-token.ts';

/** Makes the owner and names the organization; the link opens nothing afterwards. Throws validation_failed for a dead link. */
export async function completeSetup(origin: Origin, body: SetupBody): Promise<{ organization_id: string; user_id: string }> {
  const { id: organizationId } = await ensureOrganization();
  const tokenHash = hashToken(body.token);
  if (!(await db.setupLink.findFirst({ where: { tokenHash, usedAt: null }, select: { id: true } }))) return refuseToken(origin, deadLink());
  await refuseCommonPassword('password', body.password, [body.email, body.organization]);
  const passwordHash = await hashPassword(body.password);
  return db.$transaction(async (tx) => {
    await lockSetUp(tx);
    const { count } = await tx.setupLink.updateMany({ where: { tokenHash, usedAt: null }, data: { usedAt: storeTime() } });
    if (count === 0 || (await tx.user.count()) > 0) throw deadLink();
    await tx.organization.update({ where: { id: organizationId }, data: { name: body.organization, slug: slugOf(body.organization, 'my-organization') } });
    const owner = await createOwner(tx, organizationId, body.email, passwordHash);
    const actor = {
      kind: 'user',
      id: owner.id,
      name: owner.email,
      role: 'owner',
      projectIds: null,
      sessionId: '',
      authenticatedAt: storeTime(),
      isFresh: true,
    } as const;
    await recordAudit(tx, { organizationId, origin, actor }, { action: 'organization.set_up', metadata: { name: body.organization } });
    return { organization_id: organizationId, user_id: owner.id };
  });
}
