'use client';

import { RotateCw, Unplug } from 'lucide-react';
import { Button } from '#components/ui/button.tsx';
import { Empty } from '#components/ui/empty.tsx';

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="page">
      <h1 className="sr-only">Something failed</h1>
      <Empty
        className="card mt-6 !py-14"
        role="alert"
        icon={Unplug}
        tone="danger"
        title="This page could not be shown"
        text="There was an error in Rekey. Your databases and their passwords are not affected: a rotation in progress continues."
        foot={
          error.digest && (
            <>
              Reference in the log <code>{error.digest}</code>
            </>
          )
        }
      >
        <Button kind="primary" icon={RotateCw} className="mt-4" onClick={reset}>
          Try again
        </Button>
      </Empty>
    </main>
  );
}
