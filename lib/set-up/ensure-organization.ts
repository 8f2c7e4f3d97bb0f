import type { Organization } from '#generated/prisma/client.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { lockSetUp } from './lock-set-up.ts';

/** The organization of this installation; made at the first start and named by the owner at set-up. */
export async function ensureOrganization(): Promise<Organization> {
  return db.$transaction(async (tx) => {
    await lockSetUp(tx);
    const known = await tx.organization.findFirst({ orderBy: { createdAt: 'asc' } });
    return known ?? tx.organization.create({ data: { id: newId('org'), name: 'My organization', slug: 'my-organization' } });
  });
}
