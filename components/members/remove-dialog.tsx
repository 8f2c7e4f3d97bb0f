'use client';

import { UserMinus } from 'lucide-react';
import { useState } from 'react';
import { useRemoveMember, useSeen } from '#components/data/members.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { countWords } from '#components/ui/count-words.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import type { MemberWire } from '#lib/contract/member.ts';
import { listNames } from './member-words.ts';

/** Removes a member, and offers to rotate what they have seen. */
export function RemoveDialog({ member, onClose }: { member: MemberWire; onClose: () => void }) {
  const remove = useRemoveMember(member.user_id);
  const seen = useSeen(member.user_id);
  const [rotates, setRotates] = useState(true);
  const names = (seen.data ?? []).map(({ project_name: project, role_name: role }) => project ?? role);
  const isOffered = names.length > 0;
  return (
    <FormDialog
      narrow
      danger
      onClose={onClose}
      title={`Remove ${member.email}`}
      description="Their sessions and the API keys they created end at once, and their open pages sign out. Their actions stay in the audit log."
      action={isOffered && rotates ? 'Remove and rotate' : 'Remove'}
      actionIcon={UserMinus}
      busy={remove.isPending && 'Removing'}
      disabledReason={seen.isPending && 'Loading what they have seen.'}
      problem={remove.error?.message ?? seen.error?.message}
      problemTitle={remove.error ? 'Nobody was removed.' : 'What they have seen is not known.'}
      onSubmit={() => remove.mutate({ rotatesSeen: isOffered && rotates }, { onSuccess: onClose })}
    >
      {seen.isPending && (
        <Loading label="Loading what they have seen">
          <SkeletonBar width="80%" />
        </Loading>
      )}
      {seen.data && !isOffered && <p className="text-ink-2">They have seen no password that still works.</p>}
      {isOffered && (
        <Checkbox checked={rotates} onChange={setRotates}>
          <b className="font-medium">Rotate the {names.length === 1 ? 'password' : countWords(names.length, 'password')} they have seen</b>
          <span className="block text-ink-2">{listNames(names, 8)}. Open database sessions stay; integrations and manual consumers get the new URLs.</span>
        </Checkbox>
      )}
    </FormDialog>
  );
}
