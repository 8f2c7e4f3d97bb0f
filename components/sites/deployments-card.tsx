import type { useDeployments } from '#components/data/sites.ts';
import { Card } from '#components/ui/card.tsx';
import { formatDuration } from '#components/ui/format-time.ts';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { OlderButton } from '#components/ui/older-button.tsx';
import { State, type StateKind } from '#components/ui/state.tsx';
import { Time } from '#components/ui/time.tsx';
import type { DeploymentWire } from '#lib/contract/vector/deployment.ts';
import type { EnvironmentWire } from '#lib/contract/vector/site.ts';

/** How many are shown at first, and how many the API lists at most. */
export const FIRST_DEPLOYMENTS = 10;
const MOST = 100;

const STATES: Record<DeploymentWire['status'], { kind: StateKind; text: string }> = {
  pending: { kind: 'running', text: 'Waiting' },
  deploying: { kind: 'running', text: 'Deploying' },
  deployed: { kind: 'ok', text: 'Deployed' },
  failed: { kind: 'failed', text: 'Failed' },
};

interface DeploymentsCardProps {
  environments: readonly EnvironmentWire[];
  /** The newest of each environment, in the same order. */
  lists: ReturnType<typeof useDeployments>;
  /** How many are asked for of each environment, and shown of all. */
  shown: number;
  onMore: (shown: number) => void;
}

/** The deployments of all environments, newest first, and which password each carries. */
export function DeploymentsCard({ environments, lists, shown, onMore }: DeploymentsCardProps) {
  const failed = lists.find(({ data, isError }) => isError && !data);
  const all = environments
    .flatMap(({ name }, index) => (lists[index]?.data ?? []).map((deployment) => ({ deployment, name })))
    .sort((a, b) => Date.parse(b.deployment.created_at) - Date.parse(a.deployment.created_at));
  // As many of each environment as are shown of all: the newest of all are among them.
  const rows = all.slice(0, shown);
  const mayHaveMore = shown < MOST && (all.length > shown || lists.some(({ data }) => data?.length === shown));
  return (
    <Card className="mt-4" title="Deployments" aside={rows.length > 0 && `the newest ${rows.length}`}>
      {failed?.error ? (
        <ListProblem error={failed.error} isAsking={failed.isFetching} onRetry={() => void failed.refetch()} />
      ) : rows.length === 0 ? (
        <p className="px-4 py-3 text-ink-3">None yet.</p>
      ) : (
        <ul className="list">
          {rows.map(({ deployment, name }) => (
            <DeploymentRow key={deployment.id} deployment={deployment} name={name} />
          ))}
        </ul>
      )}
      {mayHaveMore && <OlderButton isLoading={lists.some(({ isPlaceholderData }) => isPlaceholderData)} onClick={() => onMore(Math.min(MOST, shown * 2))} />}
    </Card>
  );
}

function DeploymentRow({ deployment, name }: { deployment: DeploymentWire; name: string }) {
  const { status, number, credential_version: version, stderr, started_at: startedAt, finished_at: finishedAt, created_at: createdAt } = deployment;
  const why = status === 'failed' ? stderr.trim().split('\n').at(-1) : '';
  const carries = version === null ? '' : `carries v${version}`;
  return (
    <li className="flex flex-wrap items-center gap-x-3 px-4 py-2">
      <span className="w-28">
        <State kind={STATES[status].kind}>{STATES[status].text}</State>
      </span>
      <span className="min-w-0 flex-1 basis-64 [overflow-wrap:anywhere]">
        <b className="font-medium">
          {name} {number}
        </b>{' '}
        <span className="text-ink-3">{why || carries}</span>
      </span>
      <span className="num text-xs text-ink-3">
        <Time at={createdAt} style="day" />
        {startedAt && finishedAt && `, ${formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))}`}
      </span>
    </li>
  );
}
