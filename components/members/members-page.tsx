'use client';

import { Lock, UserPlus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useDepartures, useInvitations, useMembers } from '#components/data/members.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useOrganizationReason } from '#components/session/use-role-reason.ts';
import { useActLink } from '#components/ui/act-link.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { countWords } from '#components/ui/count-words.ts';
import { Empty } from '#components/ui/empty.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { RowsSkeleton } from '#components/ui/rows-skeleton.tsx';
import type { InvitationMadeWire, MemberListWire, MemberWire } from '#lib/contract/member.ts';
import { DepartureNotice } from './departure-notice.tsx';
import { InvitationRow } from './invitation-row.tsx';
import { MemberRow } from './member-row.tsx';
import type { Role } from './member-words.ts';
import { NewLinkNotice } from './new-link-notice.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { RolesCard } from './roles-card.tsx';

// Loaded when they are opened first.
const InviteDialog = dynamic(() => import('./invite-dialog.tsx').then((module) => module.InviteDialog));
const ChangeDialog = dynamic(() => import('./change-dialog.tsx').then((module) => module.ChangeDialog));

/** Who is here, what they may do, and what those who left had seen. */
export function MembersPage() {
  const isElsewhere = useOrganizationReason('viewer');
  const members = useMembers(!isElsewhere);
  if (isElsewhere)
    return (
      <Card>
        <Empty
          icon={Lock}
          title="Only members who reach all projects see this page"
          text={`${isElsewhere} Ask an owner or an admin for the list of members.`}
        />
      </Card>
    );
  if (!members.data)
    return (
      <Card title="Members">
        {members.isError ? (
          <ListProblem error={members.error} isAsking={members.isFetching} onRetry={() => void members.refetch()} />
        ) : (
          <RowsSkeleton label="Loading the members" />
        )}
      </Card>
    );
  return <Members list={members.data} />;
}

type Asked = { what: 'invite' } | { what: 'change'; member: MemberWire; role: Role } | { what: 'remove'; member: MemberWire };

function Members({ list: { members, credentials, rights } }: { list: MemberListWire }) {
  const roleReason = useOrganizationReason('admin');
  const staleReason = useStaleReason();
  const reason = roleReason || staleReason;
  const invitations = useInvitations().data ?? [];
  const departures = useDepartures().data ?? [];
  const [asked, setAsked] = useState<Asked | null>(null);
  const [made, setMade] = useState<InvitationMadeWire | null>(null);
  const close = () => setAsked(null);
  useActLink('invite', reason, () => setAsked({ what: 'invite' }));
  const invite = (
    <Button kind="primary" size="small" icon={UserPlus} disabledReason={reason} onClick={() => setAsked({ what: 'invite' })}>
      Invite
    </Button>
  );
  return (
    <>
      {made && <NewLinkNotice key={made.url} made={made} onClose={() => setMade(null)} />}
      <div className="grid grid-cols-1 items-start gap-4 min-[88rem]:grid-cols-[minmax(0,1fr)_23rem]">
        <Card title={countWords(members.length, 'member')} actions={invite}>
          <ul className="list" aria-label="Members">
            {members.map((member) => (
              <MemberRow
                key={member.user_id}
                member={member}
                credentials={credentials}
                mayRead={rights[member.role].includes('credentials.read')}
                reason={reason}
                onChange={(role) => setAsked({ what: 'change', member, role })}
                onRemove={() => setAsked({ what: 'remove', member })}
              />
            ))}
          </ul>
          {invitations.length > 0 && (
            <ul aria-label="Invitations">
              {invitations.map((invitation) => (
                <InvitationRow key={invitation.id} invitation={invitation} reason={reason} onMade={setMade} />
              ))}
            </ul>
          )}
        </Card>
        <div className="grid grid-cols-1 gap-4">
          <RolesCard rights={rights} />
          {departures.map((departure) => (
            <DepartureNotice key={departure.id} departure={departure} reason={reason} />
          ))}
        </div>
      </div>
      {asked?.what === 'invite' && <InviteDialog onMade={setMade} onClose={close} />}
      {asked?.what === 'change' && <ChangeDialog member={asked.member} role={asked.role} onClose={close} />}
      {asked?.what === 'remove' && <RemoveDialog member={asked.member} onClose={close} />}
    </>
  );
}
