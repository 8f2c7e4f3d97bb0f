'use client';

import { Since } from '#components/connections/session-list.tsx';
import { useSessions } from '#components/data/projects.ts';
import { RadioCards } from '#components/ui/radio-cards.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import type { ProjectWire, SessionListWire } from '#lib/contract/project.ts';

export type SessionsChoice = 'keep' | 'close';

interface SessionsFieldsProps {
  project: ProjectWire;
  choice: SessionsChoice;
  onChoose: (choice: SessionsChoice) => void;
  isLeak: boolean;
}

/** The sessions that are open now, and what becomes of them. */
export function SessionsFields({ project, choice, onChoose, isLeak }: SessionsFieldsProps) {
  const sessions = useSessions(project.id);
  const mayEnd = project.rights?.may_end_sessions !== false;
  const leakWords = isLeak ? 'Selected because of the leak: someone with the old password may be using one of them. ' : 'For a leak. ';
  return (
    <fieldset>
      <legend className="font-semibold">{sessions.data ? <Heading sessions={sessions.data} /> : 'Open sessions'}</legend>
      {sessions.isPending && (
        <Loading label="Counting the open sessions" className="mt-2 grid h-12 content-center gap-2">
          <SkeletonBar width="70%" />
          <SkeletonBar width="55%" />
        </Loading>
      )}
      {sessions.isError && (
        <p className="hint" role="status">
          They could not be counted: {sessions.error.message}
        </p>
      )}
      {sessions.data && <Groups sessions={sessions.data} />}
      <RadioCards
        label="Open sessions"
        className="mt-2.5"
        value={choice}
        onChange={onChoose}
        options={[
          { value: 'keep', title: 'Keep them open', text: 'No connection drops. They end when the applications restart, and you see how many are left.' },
          {
            value: 'close',
            title: 'Close them after the change',
            disabled: !mayEnd,
            text: mayEnd
              ? `${leakWords}Running queries are cut off${project.pooled_port === null ? '.' : ', the pooler reconnects.'}`
              : 'This login may not end sessions here.',
          },
        ]}
      />
    </fieldset>
  );
}

function Heading({ sessions: { total, sessions } }: { sessions: SessionListWire }) {
  const addresses = new Set(sessions.map(({ address }) => address)).size;
  return (
    <>
      {total === 1 ? '1 open session' : `${total === 0 ? 'No' : total} open sessions`}{' '}
      {total > 0 && <span className="font-normal text-ink-3">from {addresses === 1 ? '1 address' : `${addresses} addresses`}</span>}
    </>
  );
}

function Groups({ sessions: { sessions } }: { sessions: SessionListWire }) {
  return (
    <ul className="mt-2 grid max-h-24 gap-0.5 overflow-y-auto text-xs text-ink-2">
      {sessions.map(({ application, address, count, since }) => (
        <li key={`${application} ${address} ${since}`} className="grid grid-cols-[1fr_1fr_auto] gap-3">
          <code className="truncate">{application || 'no name'}</code>
          <code className="truncate">{address}</code>
          <span className="num [&_time]:font-sans">
            {count}
            {since !== null && (
              <>
                , since <Since at={since} />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
