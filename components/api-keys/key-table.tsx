'use client';

import { useProjectNames } from '#components/data/projects.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Countdown, Time, useNow, When } from '#components/ui/time.tsx';
import { Truncated } from '#components/ui/truncated.tsx';
import type { ApiKeyWire } from '#lib/contract/account.ts';
import { beginningOf, endOf, hasAllScopes, inOrder } from './key-words.ts';
import { LastUsed } from './last-used.tsx';

/** When a key ends, or how it ended. */
function KeyEnd({ apiKey }: { apiKey: ApiKeyWire }) {
  const now = useNow();
  const { expires_at: end, revoked_at: revoked } = apiKey;
  if (now === null) return null;
  switch (endOf(apiKey, now)) {
    case 'revoked':
      return (
        <span className="text-ink-3">
          revoked <When at={revoked ?? ''} />
        </span>
      );
    case 'ended':
      return (
        <span className="text-ink-3">
          ended <Time at={end ?? ''} style="day" />
        </span>
      );
    case 'rotated':
      return (
        <span className="font-medium text-warn-ink">
          rotated, ends in <Countdown until={end ?? ''} />
        </span>
      );
    case 'soon':
      return (
        <span className="font-medium text-warn-ink">
          in <Countdown until={end ?? ''} />
        </span>
      );
    case 'later':
      return <Time at={end ?? ''} style="day" />;
    case 'never':
      return <span className="text-ink-3">never</span>;
  }
}

interface KeyTableProps {
  keys: ApiKeyWire[];
  /** Why nothing can be changed now. */
  reason: string | false;
  onRotate: (key: ApiKeyWire) => void;
  onRevoke: (key: ApiKeyWire) => void;
}

/** Every key: what it may, where, when it was used and when it ends. */
export function KeyTable({ keys, ...rest }: KeyTableProps) {
  const names = useProjectNames(keys.flatMap(({ project_id: id }) => (id === null ? [] : [id])));
  return (
    <section className="relative overflow-x-auto" aria-label="API keys">
      <table className="table min-w-[52rem]">
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">May</th>
            <th scope="col">Where</th>
            <th scope="col">Last used</th>
            <th scope="col">Ends</th>
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {inOrder(keys).map((key) => (
            <KeyRow key={key.id} apiKey={key} names={names} {...rest} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function KeyRow({ apiKey, names, reason, onRotate, onRevoke }: Omit<KeyTableProps, 'keys'> & { apiKey: ApiKeyWire; names: Map<string, string> }) {
  const { name, scopes, project_id: projectId, is_active: isActive, replaced_by_id: next, revoked_by: by } = apiKey;
  const where = projectId === null ? 'all projects' : (names.get(projectId) ?? 'one project');
  const hidden = <span className="sr-only"> {`${name} ${beginningOf(apiKey)}`}</span>;
  return (
    <tr>
      <th scope="row" className="!h-11 !border-line py-1 font-normal !text-ink">
        <Truncated text={name} className="max-w-56 text-sm font-medium" />
        <code className="text-xs text-ink-3">{beginningOf(apiKey)}</code>
      </th>
      <td className="py-1">
        <span className="flex flex-wrap gap-1">
          {hasAllScopes(scopes) ? <Badge>everything</Badge> : scopes.map((scope) => <Badge key={scope}>{scope}</Badge>)}
        </span>
      </td>
      <td className="text-ink-2">
        <Truncated text={where} className="max-w-40" />
      </td>
      <td className="text-ink-2">
        <LastUsed apiKey={apiKey} />
      </td>
      <td>
        <KeyEnd apiKey={apiKey} />
      </td>
      <td className="r whitespace-nowrap">
        {isActive && next === null && (
          <Button kind="quiet" size="small" disabledReason={reason} onClick={() => onRotate(apiKey)}>
            Rotate{hidden}
          </Button>
        )}
        {isActive && (
          <Button kind="quiet" size="small" disabledReason={reason} onClick={() => onRevoke(apiKey)}>
            Revoke{hidden}
          </Button>
        )}
        {by && <span className="text-xs text-ink-3">by {by}</span>}
      </td>
    </tr>
  );
}
