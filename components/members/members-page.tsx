'use client';

import { Lock, Mail, UserMinus, UserPlus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useEffect, useRef, useState } from 'react';
import { useDepartures, useInvitations, useMembers, useRemoveMember, useRenewInvitation, useRevokeInvitation, useSeen } from '#components/data/members.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useOrganizationReason } from '#components/session/use-role-reason.ts';
import { useActLink } from '#components/ui/act-link.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { ShownOnce } from '#components/ui/shown-once.tsx';
import { Loading, RowsSkeleton, SkeletonBar } from '#components/ui/skeleton.tsx';
import { Countdown, useNow } from '#components/ui/time.tsx';
import { countWords } from '#components/ui/words.ts';
import type { InvitationMadeWire, InvitationWire, MemberListWire, MemberWire } from '#lib/contract/member.ts';
import { DepartureNotice } from './departure-notice.tsx';
import { MemberRow } from './member-row.tsx';
import { listNames, ROLE_NAMES, type Role } from './member-words.ts';
import { RolesCard } from './roles-card.tsx';

/** Removes a member, and offers to rotate what they have seen. */
function RemoveDialog({ member, onClose }: { member: MemberWire; onClose: () => void }) {
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

interface InvitationRowProps {
  invitation: InvitationWire;
  reason: string | false;
  /** Takes the new link: it is in this answer alone. */
  onMade: (made: InvitationMadeWire) => void;
}

/** An invitation that nobody has used. */
function InvitationRow({ invitation: { id, email, role, project_ids: ids, expires_at: end }, reason, onMade }: InvitationRowProps) {
  const renew = useRenewInvitation();
  const revoke = useRevokeInvitation();
  const now = useNow();
  const isOver = now !== null && new Date(end) <= now;
  const error = renew.error ?? revoke.error;
  const hidden = <span className="sr-only"> of the invitation for {email}</span>;
  return (
    <li className="card-foot flex flex-wrap items-center gap-x-3 gap-y-1">
      <Icon as={Mail} className="text-ink-3" />
      <span className="min-w-0 flex-1">
        Invitation for <span className="text-ink">{email}</span> as {ROLE_NAMES[role]}
        {ids !== null && `, ${countWords(ids.length, 'project')}`}{' '}
        {isOver ? (
          'has expired'
        ) : (
          <>
            expires in <Countdown until={end} />
          </>
        )}
      </span>
      <Button kind="quiet" size="small" disabledReason={reason} busy={renew.isPending && 'Creating'} onClick={() => renew.mutate(id, { onSuccess: onMade })}>
        New link{hidden}
      </Button>
      <Button kind="quiet" size="small" disabledReason={reason} busy={revoke.isPending && 'Revoking'} onClick={() => revoke.mutate(id)}>
        Revoke{hidden}
      </Button>
      {error && (
        <p className="basis-full text-danger-ink" role="alert">
          {error.message}
        </p>
      )}
    </li>
  );
}

/** Shows the link of an invitation once. */
function NewLinkNotice({ made: { invitation, url }, onClose }: { made: InvitationMadeWire; onClose: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  // Made far down the list, it would stand out of sight.
  useEffect(() => {
    void place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={place} className="notice mb-4 scroll-mt-20 !items-center max-sm:flex-wrap" data-tone="accent" role="status">
      <Icon as={Mail} className="!mt-0 max-sm:hidden" />
      <div className="min-w-0 flex-1 max-sm:basis-full">
        <p className="font-medium">Give this link to {invitation.email}. It is shown only once, and works once.</p>
        <ShownOnce value={url} what="the link" className="mt-1.5 max-w-[44rem]" />
      </div>
      <Button className="max-sm:w-full" onClick={onClose}>
        I have copied it
      </Button>
    </div>
  );
}

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
