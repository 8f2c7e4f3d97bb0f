'use client';

import { Database, KeyRound, Lock } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import { useOrganizationReason } from '#components/session/use-role-reason.ts';
import { ButtonLink } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Field } from '#components/ui/field.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Select } from '#components/ui/input.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { State } from '#components/ui/state.tsx';
import { Time } from '#components/ui/time.tsx';
import type { AccountWire, ImportServerListWire, TakeOverWire } from '#lib/contract/import.ts';
import { ImportTabs } from './import-tabs.tsx';
import { useAccounts, useImportServers } from './queries.ts';
import { TakeOverCard } from './take-over-card.tsx';

/** Whose first rotation has begun, with a link to each. */
function TakenOver({ taken }: { taken: TakeOverWire['taken'] }) {
  return (
    <Notice
      className="mb-5"
      tone="info"
      role="status"
      title={`${taken.length === 1 ? 'The first rotation of 1 account' : `The first rotations of ${taken.length} accounts`} started.`}
    >
      The new password is proven by a login before it is handed out:{' '}
      {taken.map(({ account, project, job_id: jobId }, index) => (
        <span key={account}>
          {index > 0 && ', '}
          <Link className="link mono" href={`/projects/${project.id}/activity/${jobId}`}>
            {account}
          </Link>
        </span>
      ))}
      .
    </Notice>
  );
}

type Server = ImportServerListWire['servers'][number];

/** The accounts of a server: what uses them now, and taking over those with unknown passwords. */
export function AccountsPage() {
  const roleReason = useOrganizationReason('admin');
  const servers = useImportServers(!roleReason);
  const [chosen, setChosen] = useState<string | null>(null);
  if (roleReason)
    return (
      <Frame title="Import">
        <Card>
          <Empty icon={Lock} title="Accounts are listed by the rotator of a server" text={`${roleReason} An owner or admin can list and take over accounts.`} />
        </Card>
      </Frame>
    );
  if (!servers.data)
    return (
      <Frame title="Import">
        <Card>
          {servers.isError ? (
            <ListProblem error={servers.error} isAsking={servers.isFetching} onRetry={() => void servers.refetch()} />
          ) : (
            <RowsSkeleton label="Loading the servers" />
          )}
        </Card>
      </Frame>
    );
  const server = servers.data.servers.find(({ id }) => id === chosen) ?? servers.data.servers[0];
  if (!server)
    return (
      <Frame title="Import">
        <Card>
          <Empty
            icon={Database}
            title="No server has a rotator yet"
            text="A rotator is a login that may change the passwords of others. Set one in the Settings of a project; then the accounts of its PostgreSQL server are listed here."
          >
            <ButtonLink className="mt-3" kind="primary" href="/">
              Open the overview
            </ButtonLink>
          </Empty>
        </Card>
      </Frame>
    );
  return <Accounts key={server.id} server={server} servers={servers.data.servers} onChoose={setChosen} />;
}

function Frame({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  return (
    <>
      <h1 className="[overflow-wrap:anywhere]">{title}</h1>
      {text && <p className="mt-0.5 text-base text-ink-2">{text}</p>}
      <ImportTabs />
      {children}
    </>
  );
}

const VERDICTS = { take_over: 'Take over', already_here: 'Already here', will_not_work: 'Will not work' } as const;
const serverWords = ({ host, port, version, rotator_name: rotator }: Server): string =>
  `${host}:${port} · PostgreSQL${version ? ` ${version}` : ''} · rotator ${rotator}`;

function Accounts({ server, servers, onChoose }: { server: Server; servers: Server[]; onChoose: (id: string) => void }) {
  const query = useAccounts(server.id);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [hidesKnown, setHidesKnown] = useState(false);
  const [taken, setTaken] = useState<TakeOverWire['taken'] | null>(null);
  const accounts = query.data?.accounts ?? [];
  const count = (verdict: AccountWire['verdict']) => accounts.filter((account) => account.verdict === verdict).length;
  const chosen = accounts.filter(({ name, verdict }) => verdict === 'take_over' && picked.has(name));
  const toggle = (name: string, isPicked: boolean) => setPicked(new Set(isPicked ? [...picked, name] : [...picked].filter((one) => one !== name)));
  return (
    <Frame
      title={query.data ? `${accounts.length} ${accounts.length === 1 ? 'account' : 'accounts'} on ${server.host}` : `Accounts on ${server.host}`}
      text={
        query.data && (
          <>
            {count('take_over')} can be taken over, {count('already_here')} already here, {count('will_not_work')} will not work. Read at{' '}
            <Time at={new Date(query.dataUpdatedAt).toISOString()} plain /> by the rotator.
          </>
        )
      }
    >
      {taken && <TakenOver taken={taken} />}
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0">
          <div className="mb-3 flex flex-wrap items-end gap-x-4 gap-y-3">
            <Field label="Server" className="min-w-0 flex-1 basis-64">
              <Select value={server.id} onChange={(event) => onChoose(event.target.value)}>
                {servers.map((one) => (
                  <option key={one.id} value={one.id}>
                    {serverWords(one)}
                  </option>
                ))}
              </Select>
            </Field>
            <Checkbox checked={hidesKnown} onChange={setHidesKnown} className="pb-1.5">
              Hide accounts already here
            </Checkbox>
          </div>
          <Card>
            {query.data ? (
              <ul className="list" aria-label="Accounts">
                {accounts
                  .filter(({ verdict }) => !hidesKnown || verdict !== 'already_here')
                  .map((account) => (
                    <Row key={account.name} account={account} isPicked={picked.has(account.name)} onPick={(is) => toggle(account.name, is)} />
                  ))}
              </ul>
            ) : query.isError ? (
              <ListProblem error={query.error} isAsking={query.isFetching} onRetry={() => void query.refetch()} />
            ) : (
              <RowsSkeleton label="Loading the accounts" />
            )}
          </Card>
        </div>
        <TakeOverCard
          key={chosen.length}
          serverId={server.id}
          accounts={chosen}
          onTaken={(done) => {
            setTaken(done);
            setPicked(new Set());
          }}
        />
      </div>
    </Frame>
  );
}

function Row({ account, isPicked, onPick }: { account: AccountWire; isPicked: boolean; onPick: (isPicked: boolean) => void }) {
  const { name, verdict, reason, project, sessions } = account;
  const open = sessions.reduce((sum, { count }) => sum + count, 0);
  const why = project ? `In Rekey as ${project.name}` : (reason ?? 'Password unknown');
  const [first] = sessions;
  return (
    <li className="grid gap-x-4 gap-y-1.5 px-4 py-2.5 sm:grid-cols-[minmax(0,3fr)_minmax(0,2fr)_8rem] sm:items-center" aria-label={name}>
      <Checkbox checked={isPicked} onChange={onPick} disabledReason={verdict !== 'take_over' && why}>
        <span className="mono block text-sm">{name}</span>
        <span className="block text-xs text-ink-3">{why}</span>
      </Checkbox>
      <span className="min-w-0 max-sm:pl-7">
        <span className={open > 0 && verdict === 'take_over' ? 'block font-medium text-warn-ink' : 'block text-ink-2'}>
          {open === 0 ? 'No sessions' : `${open} ${open === 1 ? 'session' : 'sessions'}`}
        </span>
        {first && (
          <span className="block truncate text-xs text-ink-3">
            {[first.application, first.address].filter(Boolean).join(', ')}
            {sessions.length > 1 && ` and ${sessions.length - 1} more`}
          </span>
        )}
      </span>
      <span className="max-sm:pl-7">
        {verdict === 'take_over' ? (
          <span className="state" data-tone="warn">
            <Icon as={KeyRound} />
            {VERDICTS[verdict]}
          </span>
        ) : (
          <State kind={verdict === 'already_here' ? 'ticked' : 'failed'}>{VERDICTS[verdict]}</State>
        )}
      </span>
    </li>
  );
}
