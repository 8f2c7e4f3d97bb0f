'use client';

import { useQueryClient } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { setAskPerson } from '#lib/contract/api-client.ts';

// Loaded where a session has ended: seldom.
const SignInAgainDialog = dynamic(() => import('./sign-in-again-dialog.tsx').then((module) => module.SignInAgainDialog));

/** Whether something is typed into the page that would be lost with it. */
const holdsInput = (): boolean =>
  [...document.querySelectorAll<HTMLInputElement>('main :is(input, textarea), [role=dialog] :is(input, textarea)')].some(
    ({ type, value }) => value !== '' && !['search', 'hidden', 'checkbox', 'radio'].includes(type),
  );

/** Goes to the sign-in page, which says why and leads back here. */
function leave(): false {
  const { pathname, search } = window.location;
  window.location.assign(`/signin?ended=1&callbackUrl=${encodeURIComponent(pathname + search)}`);
  return false;
}

/**
 * Where a session has ended: the sign-in page, or, where something is typed, a question over the page, so that nothing of it
 * is lost. What was asked for then goes on.
 */
export function SignInAgain() {
  const client = useQueryClient();
  const [answer, setAnswer] = useState<((isSignedIn: boolean) => void) | null>(null);
  useEffect(() => {
    setAskPerson(
      'sign_in',
      () =>
        new Promise((resolve) => {
          if (!holdsInput()) return resolve(leave());
          setAnswer(() => (isSignedIn: boolean) => {
            setAnswer(null);
            resolve(isSignedIn);
            if (isSignedIn) void client.invalidateQueries();
          });
        }),
    );
    return () => setAskPerson('sign_in', null);
  }, [client]);
  return answer && <SignInAgainDialog onSignedIn={() => answer(true)} onLeave={() => answer(leave())} />;
}
