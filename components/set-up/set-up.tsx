'use client';

import { useSetupState } from '#components/data/set-up.ts';
import { OneTimeLink } from '#components/sign-in/one-time-link.tsx';
import { SetUpForm } from './set-up-form.tsx';
import { SetUpState } from './set-up-state.tsx';

/** The one-time set-up: the form while the link works, else why it does not. */
export function SetUp({ token }: { token: string }) {
  return (
    <OneTimeLink state={useSetupState(token)} refusal="This link does not open the setup.">
      {(state) => (
        <>
          <p className="mt-1 text-base text-ink-2">You opened the one-time link from the terminal. It makes you the owner and then stops working.</p>
          <SetUpForm token={token} />
          <SetUpState state={state} />
        </>
      )}
    </OneTimeLink>
  );
}
