'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { usePolicies, useProjectPolicy, useSetProjectPolicy } from '#components/data/policies.ts';
import { useChangeReason, useOrganizationReason } from '#components/session/use-role-reason.ts';
import { Card } from '#components/ui/card.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { useNow } from '#components/ui/time.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';
import { clockIn, dayWords, overdueDays, ruleWords, untilWords } from './policy-words.ts';

const SOURCES = { project: 'Set on this project.', tag: 'Applied by a tag rule.', default: 'The organization’s default.' } as const;

/** The policy of a project: which it is, why, and what comes next. */
export function PolicySection({ project }: { project: ProjectWire }) {
  const isWhole = !useOrganizationReason('viewer');
  const policies = usePolicies(isWhole);
  const shown = useProjectPolicy(project.id);
  const set = useSetProjectPolicy(project.id);
  const reason = useChangeReason();
  const now = useNow();
  const policy = project.policy;
  const rule = policies.data?.policies.find(({ id }) => id === policy?.id);
  const late = policy && now ? overdueDays(policy.due_at, now) : null;
  return (
    <Card>
      {late !== null && policy && (
        <div className="p-4 pb-0">
          <Notice
            tone="warn"
            title={late === 0 ? 'This password is overdue since today.' : `This password is overdue by ${late === 1 ? '1 day' : `${late} days`}.`}
          >
            {policy.is_paused ? 'The policy is paused.' : 'It rotates in the next window.'} Nothing changed: the current password works.
          </Notice>
        </div>
      )}
      <div className="grid grid-cols-1 gap-4 p-4 sm:grid-cols-2">
        <Field label="Policy" error={set.error?.message} hint={policy ? SOURCES[policy.source] : 'It rotates only when someone starts it.'}>
          <Select
            value={policy?.source === 'project' ? policy.id : ''}
            disabled={Boolean(reason) || set.isPending || !policies.data}
            title={reason || undefined}
            onChange={({ target }) => set.mutate(target.value || null)}
          >
            <option value="">{policy && policy.source !== 'project' ? `${policy.name} (not set here)` : 'None set here'}</option>
            {policy?.source === 'project' && !policies.data && <option value={policy.id}>{policy.name}</option>}
            {policies.data?.policies.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <div>
          <p className="label">Rule</p>
          <p className="text-ink-2">
            {rule
              ? `${ruleWords(rule)}. ${rule.close_sessions ? 'Sessions are closed.' : 'Sessions stay open.'} `
              : policies.data?.policies.length === 0
                ? 'There is no policy yet. '
                : ''}
            {policy ? (
              <Link className="link" href={`/policies/${policy.id}`}>
                Edit policy
              </Link>
            ) : (
              <Link className="link" href="/policies">
                Policies
              </Link>
            )}
          </p>
        </div>
      </div>
      {policy && (
        <dl className="grid grid-cols-2 border-t border-line sm:grid-cols-3 sm:divide-x sm:divide-line">
          <Fact
            name="Next run"
            value={policy.next_run_at ? `${dayWords(policy.time_zone, policy.next_run_at)}, ${clockIn(policy.time_zone, policy.next_run_at)}` : '–'}
          >
            {policy.is_paused ? 'the policy is paused' : policy.next_run_at && now && `${untilWords(policy.next_run_at, now)}, ${policy.time_zone}`}
          </Fact>
          <Fact name="Last window" value={policy.missed_at ? 'Missed' : policy.failures > 0 ? `${policy.failures} failed` : 'In order'}>
            {policy.missed_at
              ? `closed on ${dayWords(policy.time_zone, policy.missed_at)}`
              : policy.failures > 1
                ? 'waits for the next window'
                : 'nothing was missed'}
          </Fact>
          <Fact name="Pair" value={shown.data && shown.data.pair.length > 0 ? shown.data.pair.map(({ name }) => name).join(', ') : '–'}>
            {shown.data && shown.data.pair.length > 0 ? 'never in the same window' : 'no other login has its tag'}
          </Fact>
        </dl>
      )}
    </Card>
  );
}

function Fact({ name, value, children }: { name: string; value: string; children: ReactNode }) {
  return (
    <div className="px-4 py-3">
      <dt className="text-xs text-ink-2">{name}</dt>
      <dd className="num mt-0.5 font-medium [overflow-wrap:anywhere]">{value}</dd>
      <dd className="text-xs text-ink-3">{children}</dd>
    </div>
  );
}
