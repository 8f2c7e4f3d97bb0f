'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { usePolicies } from '#components/data/policies.ts';
import { useChangeReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import type { AccountWire, TakeOverWire } from '#lib/contract/import.ts';
import { useTakeOver } from './queries.ts';

interface TakeOverCardProps {
  serverId: string;
  accounts: AccountWire[];
  onTaken: (taken: TakeOverWire['taken']) => void;
}

/** What one request takes. */
const MOST = 50;

/** The one act that cannot restore the old password: red, and typed. */
export function TakeOverCard({ serverId, accounts, onTaken }: TakeOverCardProps) {
  const changeReason = useChangeReason();
  const policies = usePolicies();
  const takeOver = useTakeOver(serverId);
  const [policyId, setPolicyId] = useState('');
  const [typed, setTyped] = useState('');
  const words = `take over ${accounts.length}`;
  const users = accounts.flatMap(({ name, sessions }) => sessions.map((session) => ({ ...session, name })));
  const reason =
    changeReason ||
    (accounts.length === 0 && 'Select an account first.') ||
    (accounts.length > MOST && `Take over ${MOST} accounts at most at once.`) ||
    (typed !== words && `Type "${words}" first.`);
  return (
    <Card title={accounts.length === 0 ? 'Take over' : `Take over ${accounts.length} ${accounts.length === 1 ? 'account' : 'accounts'}`}>
      <form
        className="grid gap-4 p-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (reason || takeOver.isPending) return;
          const body = { accounts: accounts.map(({ name }) => name), confirm: words, ...(policyId !== '' && { policy_id: policyId }) };
          takeOver.mutate(body, { onSuccess: ({ taken }) => onTaken(taken) });
        }}
      >
        <Notice tone="warn" title="Clients with the old password lose access.">
          These passwords are lost, so Rekey sets new ones. The old ones cannot be restored.
        </Notice>
        {accounts.length === 0 ? (
          <p className="text-ink-2">Select the accounts whose passwords are lost. Import the connection URLs of the others instead: that rotates nothing.</p>
        ) : (
          <>
            <div>
              <h3 className="font-medium">Affected now</h3>
              {users.length === 0 ? (
                <p className="mt-1 text-sm text-ink-2">No session is open. Clients that are not connected now are affected too.</p>
              ) : (
                <>
                  <ul className="mt-1 grid gap-1">
                    {users.slice(0, 8).map(({ name, application, address, count }) => (
                      <li key={`${name} ${application} ${address}`} className="flex justify-between gap-3 text-sm">
                        <span className="mono min-w-0 truncate">
                          {application || name} {address}
                        </span>
                        <span className="whitespace-nowrap text-ink-2">
                          {count} {count === 1 ? 'session' : 'sessions'}
                        </span>
                      </li>
                    ))}
                  </ul>
                  {users.length > 8 && <p className="mt-1 text-xs text-ink-3">and {users.length - 8} more</p>}
                  <p className="mt-1 text-xs text-ink-3">Open sessions continue. Their next login fails until they use the new URL.</p>
                </>
              )}
            </div>
            <Field label="Policy after that">
              <Select value={policyId} onChange={(event) => setPolicyId(event.target.value)}>
                <option value="">Default or tag rule</option>
                {policies.data?.policies.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </Select>
            </Field>
            <Field
              label={
                <>
                  Type <code>{words}</code>
                </>
              }
            >
              <Input machine value={typed} onChange={(event) => setTyped(event.target.value)} />
            </Field>
          </>
        )}
        {takeOver.isError && (
          <Notice tone="danger" role="alert" title="Nothing was taken over.">
            {takeOver.error.message}
          </Notice>
        )}
        <Button kind="danger" type="submit" icon={KeyRound} busy={takeOver.isPending && 'Taking over'} disabledReason={reason}>
          {accounts.length === 0 ? 'Take over' : `Take over ${accounts.length}`}
        </Button>
      </form>
    </Card>
  );
}
