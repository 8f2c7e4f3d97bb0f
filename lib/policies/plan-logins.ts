import type { Policy } from '#generated/prisma/client.ts';
import type { PolicySource } from '#generated/prisma/enums.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { Planner } from './next-runs.ts';
import { lockPairs, toRule } from './policies.ts';
import { DAY_MS, type Run } from './rule.ts';

/** One condition of a tag rule: a project has this tag, or has not. */
interface TagCondition {
  key: string;
  value: string;
  is_not: boolean;
}

/** What decides which policy applies to a login. */
interface PolicyChoice {
  chosenPolicyId: string | null;
  /** Of its projects. */
  tags: Record<string, string> | null;
}

const matches = (rule: TagCondition[], tags: Record<string, string>): boolean =>
  rule.length > 0 && rule.every(({ key, value, is_not: isNot }) => (tags[key] === value) !== isNot);

/** The policy of a login, of its organization's: the one that was set for it, else the first by name whose tag rule matches, else the default. */
function resolvePolicy(policies: Policy[], { chosenPolicyId, tags }: PolicyChoice): { policy: Policy | null; source: PolicySource | null } {
  const chosen = policies.find(({ id }) => id === chosenPolicyId);
  if (chosen) return { policy: chosen, source: 'project' };
  const byName = [...policies].sort((a, b) => (a.name < b.name ? -1 : 1));
  const tagged = byName.find(({ tagRule }) => tagRule !== null && matches(tagRule as unknown as TagCondition[], tags ?? {}));
  if (tagged) return { policy: tagged, source: 'tag' };
  const fallback = policies.find(({ isDefault }) => isDefault);
  return { policy: fallback ?? null, source: fallback ? 'default' : null };
}

/** After this long a login whose policy could not be planned is planned again: an hour. */
const AGAIN_AFTER_ERROR_MS = 3_600_000;
/** Logins that are planned in one transaction. */
const AT_ONCE = 200;

interface LoginRow extends PolicyChoice {
  id: string;
  organizationId: string;
  since: Date;
  planAfter: Date | null;
  pair: string | null;
  now: Date;
}

interface Plan {
  id: string;
  policyId: string | null;
  source: PolicySource | null;
  run: Run | null;
  /** When the password reaches its maximum age. */
  dueAt: Date | null;
  /** When it is to be planned again, where no run was found. */
  againAt: Date | null;
}

/** The logins, locked: nothing that changes their policy or password commits before their plan does. */
const lockLogins = (tx: Tx, organizationId: string | undefined) => tx.$queryRaw<LoginRow[]>`
  SELECT d.id, d.organization_id AS "organizationId", d.chosen_policy_id AS "chosenPolicyId", coalesce(d.rotated_at, d.created_at) AS since,
    d.plan_after AS "planAfter", t.tags, t.tags->>'pair' AS pair, clock_timestamp() AS now
  FROM databases d LEFT JOIN LATERAL (
    SELECT json_object_agg(g.key, g.value) AS tags FROM projects p JOIN project_tags g ON g.project_id = p.id WHERE p.database_id = d.id) t ON true
  WHERE d.plan_at <= now() + interval '1 second' AND (${organizationId}::text IS NULL OR d.organization_id = ${organizationId})
  ORDER BY d.plan_at, d.id LIMIT ${AT_ONCE} FOR UPDATE OF d SKIP LOCKED`;

/** Windows in which other logins of the same pair are to run, by the value of the tag. */
async function readTaken(tx: Tx, logins: LoginRow[]): Promise<Map<string, Map<string, number>>> {
  const taken = new Map<string, Map<string, number>>();
  const pairs = logins.flatMap(({ pair }) => pair ?? []);
  if (pairs.length === 0) return taken;
  const rows = await tx.$queryRaw<{ organizationId: string; pair: string; id: string; closesAt: Date }[]>`
    SELECT d.organization_id AS "organizationId", g.value AS pair, d.id, d.run_closes_at AS "closesAt"
    FROM project_tags g JOIN projects p ON p.id = g.project_id JOIN databases d ON d.id = p.database_id
    WHERE g.organization_id = ANY(${logins.map(({ organizationId }) => organizationId)}) AND g.key = 'pair' AND g.value = ANY(${pairs})
      AND d.next_run_at IS NOT NULL AND d.run_closes_at IS NOT NULL`;
  for (const { organizationId, pair, id, closesAt } of rows) note(taken, organizationId, pair, id, closesAt);
  return taken;
}

function note(taken: Map<string, Map<string, number>>, organizationId: string, pair: string, id: string, closesAt: Date): void {
  const key = `${organizationId} ${pair}`;
  taken.set(key, (taken.get(key) ?? new Map()).set(id, closesAt.getTime()));
}

/**
 * Plans the next run of logins whose policy or password has changed, at most 200 at a time. Returns how many it planned.
 * Each is planned as the store has it: what changes meanwhile is planned anew.
 */
export async function planLogins(organizationId?: string): Promise<number> {
  return db.$transaction(
    async (tx) => {
      const logins = await lockLogins(tx, organizationId);
      if (logins.length === 0) return 0;
      // After the lock: a policy that is changed meanwhile waits for this transaction, and asks for another plan.
      const policies = await tx.policy.findMany({ where: { organizationId: { in: [...new Set(logins.map((login) => login.organizationId))] } } });
      await lockPairs(tx, logins);
      const taken = await readTaken(tx, logins);
      const planners = new Map<string, Planner>();
      const plans = logins.map((login) => {
        const ours = policies.filter((policy) => policy.organizationId === login.organizationId);
        const plan = planOne(login, ours, planners, taken);
        if (login.pair !== null && plan.run?.closesAt) note(taken, login.organizationId, login.pair, login.id, plan.run.closesAt);
        return plan;
      });
      await tx.$executeRaw`
        UPDATE databases d SET policy_id = p.policy_id, policy_source = p.source, next_run_at = p.at, run_opens_at = p.opens, run_closes_at = p.closes, due_at = p.due,
          plan_at = p.again, plan_after = CASE WHEN p.policy_id IS NULL THEN NULL ELSE d.plan_after END
        FROM unnest(${plans.map(({ id }) => id)}::text[], ${plans.map(({ policyId }) => policyId)}::text[], ${plans.map(({ source }) => source)}::"PolicySource"[],
          ${plans.map(({ run }) => run?.at)}::timestamptz[], ${plans.map(({ run }) => run?.opensAt)}::timestamptz[],
          ${plans.map(({ run }) => run?.closesAt)}::timestamptz[], ${plans.map(({ dueAt }) => dueAt)}::timestamptz[],
          ${plans.map(({ againAt }) => againAt)}::timestamptz[]) AS p(id, policy_id, source, at, opens, closes, due, again)
        WHERE d.id = p.id`;
      await failpoint('policy.planned');
      return logins.length;
    },
    { timeout: 60_000 },
  );
}

function planOne(login: LoginRow, policies: Policy[], planners: Map<string, Planner>, taken: Map<string, Map<string, number>>): Plan {
  const { policy, source } = resolvePolicy(policies, login);
  const plan: Plan = { id: login.id, policyId: policy?.id ?? null, source, run: null, dueAt: null, againAt: null };
  if (!policy) return plan;
  if (policy.maxAgeDays !== null) plan.dueAt = new Date(login.since.getTime() + policy.maxAgeDays * DAY_MS);
  if (policy.pausedAt) return plan;
  const from = login.planAfter && login.planAfter > login.now ? login.planAfter : login.now;
  const others = [...(taken.get(`${login.organizationId} ${login.pair}`) ?? [])].flatMap(([id, closesAt]) => (id === login.id ? [] : closesAt));
  try {
    plan.run = plannerOf(planners, policy, from).nextRun({ since: login.since, seed: login.id, taken: new Set(others) });
  } catch (error) {
    // A zone that this machine no longer knows, say. The logins of other policies are planned all the same.
    log.error({ policy: policy.id, error: describeError(error) }, 'a policy could not be planned');
    plan.againAt = new Date(login.now.getTime() + AGAIN_AFTER_ERROR_MS);
    return plan;
  }
  // Nothing within three years: the policy's blackout dates may have been changed by then.
  if (!plan.run) plan.againAt = new Date(login.now.getTime() + 30 * DAY_MS);
  return plan;
}

/** Logins that are planned from the same moment share what has been worked out of their policy's calendar. */
function plannerOf(planners: Map<string, Planner>, policy: Policy, from: Date): Planner {
  const key = `${policy.id} ${from.getTime()}`;
  const planner = planners.get(key) ?? new Planner(toRule(policy), from);
  planners.set(key, planner);
  return planner;
}
