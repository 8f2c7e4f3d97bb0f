'use client';

import Link from 'next/link';
import { useEndpoints } from '#components/data/webhooks.ts';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Card } from '#components/ui/card.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import { State } from '#components/ui/state.tsx';
import { askedFor, endpointState } from './endpoint-words.ts';

/** In a project's settings: the organization's endpoints, which hear about this project too. */
export function EndpointsSection() {
  const roleReason = useRoleReason('admin');
  const endpoints = useEndpoints(!roleReason);
  if (roleReason) return <p className="text-ink-3">Owners and admins see the endpoints.</p>;
  if (endpoints.isPending)
    return (
      <Card>
        <Loading label="Loading the endpoints" className="grid h-11 content-center px-4">
          <SkeletonBar width="50%" />
        </Loading>
      </Card>
    );
  if (endpoints.isError) return <p role="status">The endpoints could not be loaded: {endpoints.error.message}</p>;
  return (
    <>
      {endpoints.data.length > 0 && (
        <ul className="card list">
          {endpoints.data.map((endpoint) => {
            const { kind, text } = endpointState(endpoint);
            return (
              <li key={endpoint.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
                <code className="min-w-0 flex-1 basis-56 truncate">{endpoint.url}</code>
                <span className="text-xs text-ink-3">{askedFor(endpoint)}</span>
                <State kind={kind}>{text}</State>
              </li>
            );
          })}
        </ul>
      )}
      <p className={endpoints.data.length > 0 ? 'mt-2' : undefined}>
        {endpoints.data.length === 0 && 'No endpoint yet: rotations are shown only here. '}
        <Link className="link" href="/settings/webhooks">
          Manage endpoints
        </Link>
      </p>
    </>
  );
}
