import type { ImportRow } from '#generated/prisma/client.ts';
import { tags as tagsSchema } from '#lib/contract/project.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { systemContext } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { choosePolicy } from '#lib/policies/project-policy.ts';
import { type AdoptedProject, adoptProject } from '#lib/projects/adopt-project.ts';
import type { Target } from '#lib/projects/read-target.ts';
import { alreadyHere, findKnownLogins, loginKeyOf, type NamedRow } from './judge-rows.ts';

/** The same login of the same server under another address, by what the server says it is. */
async function findTwin(tx: Tx, row: ImportRow, role: string, identity: string | null): Promise<NamedRow | null> {
  if (identity === null) return null;
  const { organizationId } = row;
  const adopted = await tx.project.findFirst({
    where: { organizationId, database: { roleName: role, server: { identity } } },
    select: { id: true, name: true },
    orderBy: { createdAt: 'asc' },
  });
  if (adopted) return adopted;
  // One that an import has just added is put with its server by its first connection check.
  const imported = await tx.importRow.findMany({
    where: { organizationId, serverIdentity: identity, state: 'imported', projectId: { not: null } },
    select: { projectId: true },
  });
  return tx.project.findFirst({
    where: { organizationId, id: { in: imported.flatMap(({ projectId }) => projectId ?? []) }, database: { roleName: role } },
    select: { id: true, name: true },
  });
}

/**
 * Ends a pending row whose login was accepted, in the transaction of its claim: adopts it, or says which project has it.
 * Returns the project whose connection check is to be woken after the commit.
 */
export async function landRow(tx: Tx, row: ImportRow, target: Target, identity: string | null): Promise<AdoptedProject | null> {
  const context = systemContext(row.organizationId);
  // As every adoption: what is found here is still so when the project is made.
  await tx.$queryRaw`SELECT FROM organizations WHERE id = ${row.organizationId} FOR NO KEY UPDATE`;
  const { direct } = target;
  const known = (await findKnownLogins(context, [direct.host], tx)).get(loginKeyOf(direct)) ?? (await findTwin(tx, row, direct.user, identity));
  const ended = { sealed: '', endedAt: storeTime(), serverIdentity: identity };
  if (known) {
    const { field, text } = alreadyHere(known);
    await tx.importRow.update({ where: { id: row.id }, data: { ...ended, state: 'already_here', reasons: [{ field, text }], projectId: known.id } });
    return null;
  }
  const adopted = await adoptProject(tx, context, target, { name: row.name ?? direct.user, tags: tagsSchema.parse(row.tags) });
  if (row.policyId !== null) await choosePolicy(tx, context, { projectId: adopted.id, databaseId: adopted.databaseId, roleName: direct.user }, row.policyId);
  await tx.importRow.update({ where: { id: row.id }, data: { ...ended, state: 'imported', projectId: adopted.id } });
  return adopted;
}
