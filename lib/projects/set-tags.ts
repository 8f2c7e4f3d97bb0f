import { tags as tagsSchema } from '#lib/contract/project.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';

/**
 * Gives a project these tags in place of the ones it has, inside a transaction. Which policy applies to its login, and
 * when it runs next, is worked out anew.
 */
export async function setTags(
  tx: Tx,
  { id: projectId, organizationId, databaseId }: { id: string; organizationId: string; databaseId: string },
  tags: Record<string, string>,
): Promise<void> {
  await tx.projectTag.deleteMany({ where: { projectId } });
  await tx.projectTag.createMany({ data: Object.entries(tags).map(([key, value]) => ({ organizationId, projectId, key, value })) });
  await tx.$executeRaw`UPDATE databases SET plan_at = statement_timestamp(), next_run_at = NULL WHERE id = ${databaseId}`;
}

/** The tags with a key among a site's, which are plain words: `team=shop`. */
export function keyedTags(words: readonly string[]): Record<string, string> {
  const pairs = words.flatMap((word) => {
    const at = word.indexOf('=');
    return at < 1 ? [] : [[word.slice(0, at), word.slice(at + 1)] as const];
  });
  const tags = tagsSchema.safeParse(Object.fromEntries(pairs));
  if (!tags.success) throw invalidField('tags', 'Write a tag with a key as team=shop: the key in lower case, and a value. Nothing was changed.');
  return tags.data;
}
