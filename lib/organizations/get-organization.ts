import type { z } from 'zod';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { organization } from '#lib/http/wire/account.ts';

/** The organization the actor acts for. */
export async function getOrganization({ organizationId }: Context): Promise<z.infer<typeof organization>> {
  const { id, name, slug, createdAt, updatedAt } = await db.organization.findUniqueOrThrow({ where: { id: organizationId } });
  return { id, name, slug, created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };
}
