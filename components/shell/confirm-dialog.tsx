'use client';

import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { setAskPerson } from '#lib/contract/api-client.ts';

// Loaded when a request is refused for a stale session.
const PasswordDialog = dynamic(() => import('./password-dialog.tsx').then((module) => module.PasswordDialog));

/** Asks for the password wherever a request was refused for a stale session; the request then goes on by itself. */
export function ConfirmDialog() {
  const [answer, setAnswer] = useState<((isConfirmed: boolean) => void) | null>(null);
  useEffect(() => {
    setAskPerson(
      'password',
      () =>
        new Promise((resolve) => {
          setAnswer(() => (isConfirmed: boolean) => {
            setAnswer(null);
            resolve(isConfirmed);
          });
        }),
    );
    return () => setAskPerson('password', null);
  }, []);
  return answer && <PasswordDialog onAnswer={answer} />;
}
