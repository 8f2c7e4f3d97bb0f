'use client';

import { type SessionGroup, sessionName, totalOf } from '#components/connections/session-list.tsx';
import { useEndSessions } from '#components/data/projects.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Time } from '#components/ui/time.tsx';
import { countWords } from '#components/ui/words.ts';

export interface SessionChoice {
  groups: readonly SessionGroup[];
  /** Every session of the old password, not only those of one row. */
  isAll: boolean;
}

interface EndSessionsDialogProps {
  jobId: string;
  roleName: string;
  /** Of the old password. */
  version: number;
  choice: SessionChoice;
  onClose: () => void;
}

/** Names the sessions that will be cut, then ends them. */
export function EndSessionsDialog({ jobId, roleName, version, choice: { groups, isAll }, onClose }: EndSessionsDialogProps) {
  const end = useEndSessions(jobId);
  const name = countWords(totalOf(groups), 'session');
  const [first] = groups;
  const submit = () => end.mutate(isAll || !first ? {} : { application: first.application, address: first.address }, { onSuccess: onClose });
  return (
    <FormDialog
      onClose={onClose}
      narrow
      flush
      danger
      title={`End ${name} on v${version}`}
      description="Their connections close now and running queries are canceled. Applications reconnect with the password that they hold."
      action={`End ${name}`}
      busy={end.isPending && 'Ending'}
      problem={end.error?.message}
      problemTitle="The sessions were not all ended."
      onSubmit={submit}
    >
      <ul className="list" aria-label="Sessions that will end">
        {groups.map((group) => (
          <li key={`${group.application} ${group.address}`} className="px-5 py-2.5">
            <p className="flex items-baseline gap-3">
              <code className="min-w-0 flex-1 font-medium break-all">{sessionName(group)}</code>
              <span className="num shrink-0">{countWords(group.count, 'session')}</span>
            </p>
            <p className="text-xs text-ink-3">
              <code className="break-all">{roleName}</code> from <code className="break-all">{group.address}</code>
              {group.since !== null && (
                <>
                  {' · since '}
                  <Time at={group.since} plain />
                </>
              )}
              {group.is_own && ' · a check by Rekey, kept by the pooler'}
            </p>
          </li>
        ))}
      </ul>
    </FormDialog>
  );
}
