import { db } from '#lib/kernel/db.ts';

/** The ids are those of the documented reset calls. */
export const DEMO_SITE = { id: '12345', environmentId: '67890', customer: 'demonstration' } as const;

/** The demonstration site in the store, whole or left unfinished by a start that was cut off. */
export const findDemoSite = () =>
  db.site.findFirst({
    where: { externalId: DEMO_SITE.id, partnerCustomerId: DEMO_SITE.customer },
    select: { environments: { where: { externalId: DEMO_SITE.environmentId }, select: { id: true } } },
  });

/**
 * What is to become of the demonstration site at this start: `none` where a person has deleted it, or where Rekey was in
 * use before there was one; `made` where it only needs its server; `wanted` where it is to be made.
 */
export async function demoSiteState(isNew: boolean): Promise<'none' | 'made' | 'wanted'> {
  const site = await findDemoSite();
  if (site) return site.environments.length > 0 ? 'made' : 'wanted';
  // The other demonstration's project does not count.
  const isUnused = isNew && (await db.site.count()) === 0 && (await db.project.count()) <= 1;
  return isUnused ? 'wanted' : 'none';
}
