import type { ReactNode } from 'react';
import { ButtonLink } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';

interface OneTimeLinkProps<Data> {
  /** What was found out about the link. */
  state: { data: Data | undefined; isError: boolean; error: Error | null };
  /** What a link that has ended no longer does. */
  refusal: string;
  children: (data: Data) => ReactNode;
}

/** What a one-time link opens while it works, else why it does not. What it opened stays while a later look fails: what was typed is kept. */
export function OneTimeLink<Data>({ state, refusal, children }: OneTimeLinkProps<Data>) {
  if (state.data) return children(state.data);
  if (state.isError) {
    return (
      <div className="mt-6 grid gap-4">
        <Notice tone="warn" role="alert" title={refusal}>
          {state.error?.message} Nothing was changed.
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
