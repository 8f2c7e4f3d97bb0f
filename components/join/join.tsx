'use client';

import { useJoinState } from '#components/data/join.ts';
import { OneTimeLink } from '#components/sign-in/one-time-link.tsx';
import { JoinForm } from './join-form.tsx';

/** An invitation's link: the form while it works, else why it does not. */
export function Join({ token }: { token: string }) {
  return (
    <OneTimeLink state={useJoinState(token)} refusal="This invitation does not work.">
      {({ organization, email, role, invited_by: by }) => (
        <>
          <p className="mt-1 text-base text-ink-2">
            {by} invites you to {organization} as {role}. You will sign in as <b className="font-medium text-ink">{email}</b>.
          </p>
          <JoinForm token={token} email={email} />
        </>
      )}
    </OneTimeLink>
  );
}
