import type { z } from 'zod';
import type { organization } from '#lib/contract/account.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';

/** The organization the actor acts for. */
export async function getOrganization({ organizationId }: Context): Promise<z.infer<typeof organization>> {
  const { id, name, slug, createdAt, updatedAt } = await db.organization.findUniqueOrThrow({ where: { id: organizationId } });
  return { id, name, slug, created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };
}
