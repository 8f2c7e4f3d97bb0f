import { keepsOld } from '#components/proofs/rotation-facts.ts';
import type { RotationWire } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';

export interface NextStep {
  title: string;
  text: string;
  /** Where a site is deployed or reset, in place of copying a URL by hand. */
  site: string | null;
}

/** What a person does after a rotation that leads to no one by itself: null while it is not completed, or a later one has overtaken it. */
export function nextStep(rotation: RotationWire, project: ProjectWire): NextStep | null {
  const { kind, state, from_version: from, to_version: to, is_old_retired: isRetired } = rotation;
  if (kind !== 'rotate' || state !== 'completed' || to !== project.credential.version) return null;
  const { site } = project;
  const old = keepsOld(rotation) && !isRetired ? `v${from} still works until it ends.` : `Whatever still has v${from} can no longer log in.`;
  if (site?.environment) return { title: `Deploy ${site.environment}`, text: `The next deployment of ${site.name} carries v${to}. ${old}`, site: site.id };
  if (site)
    return { title: 'The site has the new password', text: `${site.name} reads it from the file that Rekey writes, where one is named. ${old}`, site: site.id };
  return {
    title: `Give v${to} to what uses this URL`,
    text: `No integration and no manual consumer is written down, so Rekey updated nothing. ${old}`,
    site: null,
  };
}
