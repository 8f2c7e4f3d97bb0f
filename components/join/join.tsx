'use client';

import { ButtonLink } from '#components/ui/button-link.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import { JoinForm } from './join-form.tsx';
import { useJoinState } from './queries.ts';

/** An invitation's link: the form while it works, else why it does not. */
export function Join({ token }: { token: string }) {
  const state = useJoinState(token);
  if (state.data) {
    const { organization, email, role, invited_by: by } = state.data;
    return (
      <>
        <p className="mt-1 text-base text-ink-2">
          {by} invites you to {organization} as {role}. You will sign in as <b className="font-medium text-ink">{email}</b>.
        </p>
        <JoinForm token={token} email={email} />
      </>
    );
  }
  if (state.isError) {
    return (
      <div className="mt-6 grid gap-4">
        <Notice tone="warn" role="alert" title="This link lets nobody in.">
          {state.error.message} Nothing was changed.
        </Notice>
        <ButtonLink href="/signin">Go to the sign-in</ButtonLink>
      </div>
    );
  }
  return (
    <Loading label="Checking the link" className="mt-6 grid gap-6">
      <SkeletonBar width="90%" />
      <SkeletonBar width="60%" />
    </Loading>
  );
}
