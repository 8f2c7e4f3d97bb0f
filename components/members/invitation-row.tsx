'use client';

import { Mail } from 'lucide-react';
import { useRenewInvitation, useRevokeInvitation } from '#components/data/members.ts';
import { Button } from '#components/ui/button.tsx';
import { countWords } from '#components/ui/count-words.ts';
import { Icon } from '#components/ui/icon.tsx';
import { useNow } from '#components/ui/now.tsx';
import { Countdown } from '#components/ui/time.tsx';
import type { InvitationMadeWire, InvitationWire } from '#lib/contract/member.ts';
import { ROLE_NAMES } from './member-words.ts';

interface InvitationRowProps {
  invitation: InvitationWire;
  reason: string | false;
  /** Takes the new link: it is in this answer alone. */
  onMade: (made: InvitationMadeWire) => void;
}

/** An invitation that nobody has used. */
export function InvitationRow({ invitation: { id, email, role, project_ids: ids, expires_at: end }, reason, onMade }: InvitationRowProps) {
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
