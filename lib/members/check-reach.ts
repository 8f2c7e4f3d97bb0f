import type { MemberRole } from '#generated/prisma/enums.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';

/** Refuses a reach that cannot be: an owner's that has an end, or projects that are not the organization's. Null: all projects. */
export async function checkReach(tx: Tx, organizationId: string, role: MemberRole, projectIds: string[] | null): Promise<void> {
  if (projectIds === null) return;
  if (role === 'owner') throw invalidField('project_ids', 'An owner reaches every project. Leave the projects out, or choose another role.');
  const known = await tx.project.count({ where: { organizationId, id: { in: projectIds } } });
  if (known < new Set(projectIds).size) throw invalidField('project_ids', 'One of these projects does not exist. Choose from the list of projects.');
}
