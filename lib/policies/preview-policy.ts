import type { PolicyPreviewBody, PolicyPreviewWire } from '#lib/contract/policy.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { checkRule } from './check-rule.ts';
import { nextRuns, UPCOMING } from './next-runs.ts';
import { ruleOf } from './policies.ts';
import { runsToWire } from './to-wire.ts';

/**
 * The next runs of a policy that is being written. Nothing is stored.
 * @throws {DomainError} validation_failed naming the field
 */
export async function previewPolicy({ organizationId }: Context, body: PolicyPreviewBody): Promise<PolicyPreviewWire> {
  const rule = ruleOf(body);
  checkRule(rule);
  const now = storeTime();
  const since = body.since === undefined ? now : new Date(body.since);
  const runs = runsToWire(nextRuns(rule, now, UPCOMING, { since, seed: '' }), since);
  if (!body.tag_rule) return { runs, matches: null };
  const AND = body.tag_rule.map(({ key, value, is_not: isNot }) => ({ projects: { [isNot ? 'none' : 'some']: { tags: { some: { key, value } } } } }));
  return { runs, matches: await db.database.count({ where: { organizationId, AND } }) };
}
