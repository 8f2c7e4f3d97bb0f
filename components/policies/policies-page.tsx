'use client';

import { CalendarClock, CalendarOff, Ellipsis, Lock, Pause, Plus } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { usePolicies, useUpdatePolicy } from '#components/data/policies.ts';
import { useChangeReason, useOrganizationReason } from '#components/session/use-role-reason.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button, ButtonLink } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { Menu, MenuItem } from '#components/ui/menu.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { RadioCards } from '#components/ui/radio-cards.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { State } from '#components/ui/state.tsx';
import { Time, useNow } from '#components/ui/time.tsx';
import type { PolicyListWire, PolicyWire } from '#lib/contract/policy.ts';
import { DeletePolicyDialog } from './delete-policy-dialog.tsx';
import { clockIn, dayWords, ruleWords, TEMPLATES, tagRuleText, untilWords } from './policy-words.ts';

const counted = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;

/** When passwords rotate by themselves. */
export function PoliciesPage() {
  const roleReason = useOrganizationReason('viewer');
  const policies = usePolicies(!roleReason);
  if (roleReason)
    return (
      <>
        <h1>Policies</h1>
        <Card className="mt-5">
          <Empty
            icon={Lock}
            title="Policies are the organization’s"
            text={`${roleReason} The settings of each of your projects show the policy that rotates it.`}
          />
        </Card>
      </>
    );
  if (!policies.data)
    return (
      <>
        <h1>Policies</h1>
        <Card className="mt-5">
          {policies.isError ? (
            <ListProblem error={policies.error} isAsking={policies.isFetching} onRetry={() => void policies.refetch()} />
          ) : (
            <RowsSkeleton label="Loading the policies" />
          )}
        </Card>
      </>
    );
  return policies.data.policies.length === 0 ? <NoPolicy /> : <Policies list={policies.data} />;
}

function NoPolicy() {
  const [template, setTemplate] = useState(TEMPLATES[0]?.id ?? '');
  return (
    <>
      <h1>Policies</h1>
      <Card className="mt-5">
        <Empty
          icon={CalendarClock}
          title="No password rotates by itself yet"
          text="A policy rotates every login it applies to before it reaches a maximum age, inside your maintenance windows. Choose a template and see the next five runs before you save."
          foot="Creating a policy rotates nothing. The first run is in the next window."
        >
          <RadioCards
            label="Template"
            className="mt-3 w-full max-w-[44rem] text-left sm:grid-cols-2"
            value={template}
            onChange={setTemplate}
            options={TEMPLATES.map(({ id, name, text }) => ({ value: id, title: name, text }))}
          />
          <div className="mt-3 flex flex-wrap justify-center gap-2 max-sm:w-full max-sm:*:flex-1">
            <ButtonLink kind="primary" icon={Plus} href={`/policies/new?template=${template}`}>
              Create a policy
            </ButtonLink>
          </div>
        </Empty>
      </Card>
    </>
  );
}

function Policies({ list: { policies, logins, without_policy: without } }: { list: PolicyListWire }) {
  const [deleted, setDeleted] = useState<PolicyWire | null>(null);
  const update = useUpdatePolicy();
  const reason = useChangeReason();
  const rowProps = { reason, onDelete: setDeleted, onPause: (policy: PolicyWire) => update.mutate({ id: policy.id, paused: policy.paused_at === null }) };
  return (
    <>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 max-sm:basis-full">
          <h1>
            {counted(policies.length, 'policy covers', 'policies cover')} {(logins - without).toLocaleString('en-US')} of {counted(logins, 'login')}
          </h1>
          {without > 0 && (
            <p className="mt-0.5 text-base text-ink-2">
              {counted(without, 'login has', 'logins have')} no policy and {without === 1 ? 'rotates' : 'rotate'} only when someone starts it.
            </p>
          )}
        </div>
        <ButtonLink kind="primary" icon={Plus} href="/policies/new" className="max-sm:w-full">
          New policy
        </ButtonLink>
      </div>
      {update.isError && (
        <Notice className="mt-5" tone="danger" role="alert" title="Nothing was changed.">
          {update.error.message}
        </Notice>
      )}
      {policies.map((policy) => (
        <Missed key={policy.id} policy={policy} />
      ))}
      <div className="card mt-4 hidden lg:block">
        <table className="table">
          <caption className="sr-only">Rotation policies by name</caption>
          <thead>
            <tr>
              <th scope="col">Policy</th>
              <th scope="col" className="r">
                Applies to
              </th>
              <th scope="col">Next run</th>
              <th scope="col">Last outcome</th>
              <th scope="col">
                <span className="sr-only">Action</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {policies.map((policy) => (
              <tr key={policy.id}>
                <th scope="row" className="!h-14 max-w-[26rem] !border-line py-2 font-normal whitespace-normal">
                  <Name policy={policy} />
                  <span className="mt-0.5 block text-xs text-ink-2">{ruleWords(policy)}</span>
                </th>
                <td className="r whitespace-nowrap">
                  <span className="num font-medium">{policy.logins.toLocaleString('en-US')}</span>
                  <AppliesTo policy={policy} />
                </td>
                <td className="whitespace-nowrap">
                  <NextRun policy={policy} />
                </td>
                <td>
                  <Outcome policy={policy} />
                </td>
                <td>
                  <Actions policy={policy} {...rowProps} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className="card list mt-4 lg:hidden">
        {policies.map((policy) => (
          <li key={policy.id} className="px-4 py-3">
            <div className="flex items-start gap-2">
              <div className="min-w-0 flex-1">
                <Name policy={policy} />
              </div>
              <span className="num text-xs text-ink-2">{counted(policy.logins, 'login')}</span>
            </div>
            <p className="mt-0.5 text-xs text-ink-2">{ruleWords(policy)}</p>
            <div className="mt-2">
              <Outcome policy={policy} />
            </div>
            <div className="mt-1.5 flex items-end gap-2">
              <div className="min-w-0 flex-1">
                <NextRun policy={policy} />
              </div>
              <Actions policy={policy} {...rowProps} />
            </div>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-xs text-ink-3">
        Next runs are in each policy’s own time zone. A policy set on a project wins over a tag rule, and a tag rule wins over the organization default.
      </p>
      {deleted && <DeletePolicyDialog policy={deleted} onClose={() => setDeleted(null)} />}
    </>
  );
}

/** A missed window stays on the page until the policy runs again. */
function Missed({ policy: { name, missed, time_zone: zone, run_when_back: isMadeUp, next_run_at: next, last_run: last } }: { policy: PolicyWire }) {
  if (!missed || (last && last.started_at > missed.closed_at)) return null;
  return (
    <Notice className="mt-5" tone="warn" icon={CalendarOff} title={`${name} missed its window on ${dayWords(zone, missed.closed_at)}.`}>
      No worker started {counted(missed.logins, 'rotation')} before {clockIn(zone, missed.closed_at)}. Nothing changed: the passwords stay as they are
      {isMadeUp ? ' and rotate as soon as possible.' : next ? ` and rotate from ${dayWords(zone, next)}.` : '.'}
    </Notice>
  );
}

const Name = ({ policy }: { policy: PolicyWire }) => (
  <Link href={`/policies/${policy.id}`} className="flex items-center gap-2 text-sm font-medium text-ink">
    <span className="min-w-0 [overflow-wrap:anywhere]">{policy.name}</span>
    {policy.paused_at && <Badge icon={Pause}>Paused</Badge>}
  </Link>
);

function AppliesTo({ policy: { tag_rule: rule, is_default: isDefault } }: { policy: PolicyWire }) {
  const text = [tagRuleText(rule), isDefault && 'organization default'].filter(Boolean).join(', ');
  if (text === '') return <span className="block text-xs text-ink-3">set on projects</span>;
  return (
    <span className={`block max-w-60 truncate text-xs text-ink-3 ${rule ? 'mono' : ''}`} title={text}>
      {text}
    </span>
  );
}

function NextRun({ policy: { next_run_at: at, time_zone: zone, paused_at: paused, paused_by: by } }: { policy: PolicyWire }) {
  const now = useNow();
  if (paused)
    return (
      <span className="block text-xs text-ink-3">
        Paused by {by} on <Time at={paused} style="date" plain />
      </span>
    );
  if (!at) return <span className="text-ink-3">–</span>;
  return (
    <>
      <span className="num">
        {dayWords(zone, at)}, {clockIn(zone, at)}
      </span>
      <span className="block text-xs text-ink-3">{now && untilWords(at, now)}</span>
    </>
  );
}

function Outcome({ policy: { last_run: run, overdue, time_zone: zone, paused_at: paused } }: { policy: PolicyWire }) {
  const late = overdue > 0 && <span className="block max-w-64 text-xs text-warn-ink">{counted(overdue, 'login is', 'logins are')} overdue</span>;
  if (paused || !run)
    return (
      <>
        {paused ? <State kind="off">Paused</State> : <span className="text-ink-3">No run yet</span>}
        {late}
      </>
    );
  const at = `${dayWords(zone, run.started_at)}${run.ended_at ? `, done at ${clockIn(zone, run.ended_at)}` : ''}`;
  return (
    <>
      {run.failed > 0 ? (
        <State kind="failed">
          {run.failed} of {run.total} failed
        </State>
      ) : run.completed < run.total ? (
        <State kind="running">
          {run.completed} of {run.total} rotated
        </State>
      ) : (
        <State kind="ok">
          {run.completed} of {run.total} rotated
        </State>
      )}
      <span className="block max-w-64 text-xs text-ink-2">{at}</span>
      {late}
    </>
  );
}

interface ActionsProps {
  policy: PolicyWire;
  reason: string | false;
  onDelete: (policy: PolicyWire) => void;
  onPause: (policy: PolicyWire) => void;
}

function Actions({ policy, reason, onDelete, onPause }: ActionsProps) {
  const hidden = <span className="sr-only"> {policy.name}</span>;
  return (
    <div className="flex justify-end gap-1">
      {policy.paused_at ? (
        <Button size="small" disabledReason={reason} onClick={() => onPause(policy)}>
          Resume{hidden}
        </Button>
      ) : (
        <ButtonLink kind="quiet" size="small" href={`/policies/${policy.id}`}>
          Edit{hidden}
        </ButtonLink>
      )}
      <Menu trigger={<IconButton label={`More for ${policy.name}`} icon={Ellipsis} />}>
        <MenuItem disabled={Boolean(reason)} onSelect={() => onPause(policy)}>
          {policy.paused_at ? 'Resume the policy' : 'Pause the policy'}
        </MenuItem>
        <MenuItem tone="danger" disabled={Boolean(reason)} onSelect={() => onDelete(policy)}>
          Delete the policy
        </MenuItem>
      </Menu>
    </div>
  );
}
