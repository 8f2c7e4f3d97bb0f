'use client';

import { ButtonLink } from '#components/ui/button-link.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import { useSetupState } from './queries.ts';
import { SetUpForm } from './set-up-form.tsx';
import { SetUpState } from './set-up-state.tsx';

/** The one-time set-up: the form while the link works, else why it does not. */
export function SetUp({ token }: { token: string }) {
  const state = useSetupState(token);
  // The form stays while a later look fails: what was typed is kept.
  if (state.data) {
    return (
      <>
        <p className="mt-1 text-base text-ink-2">You opened the one-time link from the terminal. It makes you the owner and then stops working.</p>
        <SetUpForm token={token} />
        <SetUpState state={state.data} />
      </>
    );
  }
  if (state.isError) {
    return (
      <div className="mt-6 grid gap-4">
        <Notice tone="warn" role="alert" title="This link does not open the set-up.">
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
      <SkeletonBar width="75%" />
    </Loading>
  );
}
