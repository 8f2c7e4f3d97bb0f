import type { Tx } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { SLUG_MAX_LENGTH, slugOf } from '#lib/kernel/slug.ts';

const numbered = (slug: string, n: number): string => (n === 1 ? slug : `${slug.slice(0, SLUG_MAX_LENGTH - 1 - String(n).length).replace(/-$/, '')}-${n}`);

/** A slug nobody in the organization has: the wanted one, or one made from the name with a number where it is taken. */
export async function makeSlug(tx: Tx, organizationId: string, name: string, wanted?: string): Promise<string> {
  const base = wanted ?? slugOf(name, 'project');
  for (let n = 1; ; n++) {
    const slug = numbered(base, n);
    if (!(await tx.project.findUnique({ where: { organizationId_slug: { organizationId, slug } }, select: { id: true } }))) return slug;
    if (wanted !== undefined) throw invalidField('slug', 'Another project has this slug. Choose another one, or leave it out.');
  }
}
