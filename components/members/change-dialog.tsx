'use client';

import { useState } from 'react';
import { useChangeMember } from '#components/data/members.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ApiProblem } from '#lib/contract/api-client.ts';
import type { MemberWire } from '#lib/contract/member.ts';
import { type Role, takesAway } from './member-words.ts';
import { ReachField } from './reach-field.tsx';
import { RoleField } from './role-field.tsx';

interface ChangeDialogProps {
  member: MemberWire;
  /** The role that was chosen on the page. */
  role: Role;
  onClose: () => void;
}

/** Gives a member another role or reach, and says what ends with it. */
export function ChangeDialog({ member, role: chosen, onClose }: ChangeDialogProps) {
  const change = useChangeMember(member.user_id);
  const [role, setRole] = useState<Role>(chosen);
  const [projectIds, setProjectIds] = useState(member.project_ids);
  const after = { role, project_ids: role === 'owner' ? null : projectIds };
  const fields = change.error instanceof ApiProblem ? change.error.errors : {};
  const isNone = after.project_ids?.length === 0;
  return (
    <FormDialog
      narrow
      onClose={onClose}
      title={`What ${member.email} may do`}
      description="It takes effect with their next request."
      action="Change"
      busy={change.isPending && 'Changing'}
      disabledReason={isNone && 'Choose one project or more.'}
      problem={change.error && Object.keys(fields).length === 0 ? change.error.message : undefined}
      problemTitle="Nothing was changed."
      onSubmit={() => change.mutate(after, { onSuccess: onClose })}
    >
      <RoleField value={role} onChange={setRole} error={fields.role?.join(' ')} />
      {role !== 'owner' && <ReachField value={projectIds} onChange={setProjectIds} error={fields.project_ids?.join(' ')} />}
      {takesAway(member, after) && (
        <Notice tone="warn" title="This removes access.">
          Their sessions and the API keys they created end at once. They sign in again with the access that remains.
        </Notice>
      )}
    </FormDialog>
  );
}
