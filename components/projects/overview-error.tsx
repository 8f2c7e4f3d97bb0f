import { RotateCw, Unplug } from 'lucide-react';
import { Button } from '#components/ui/button.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { ApiProblem } from '#lib/contract/api-client.ts';

interface OverviewErrorProps {
  error: Error;
  tries: number;
  isAsking: boolean;
  onRetry: () => void;
}

/** When the list could not be had: what is not affected, and what to do. */
export function OverviewError({ error, tries, isAsking, onRetry }: OverviewErrorProps) {
  const requestId = error instanceof ApiProblem ? error.requestId : null;
  return (
    <>
      <h1 className="sr-only">Overview</h1>
      <Empty
        className="card mt-6 !py-14"
        role="alert"
        icon={Unplug}
        tone="danger"
        title="The list could not be loaded"
        text={`${error.message} Your databases and their passwords are not affected by this page: a rotation in progress continues.`}
        foot={
          <>
            Tried {tries} {tries === 1 ? 'time' : 'times'}
            {requestId && (
              <>
                {' '}
                · request <code>{requestId}</code>
              </>
            )}
          </>
        }
      >
        <div className="mt-4 flex gap-2">
          <Button kind="primary" icon={RotateCw} busy={isAsking && 'Trying again'} onClick={onRetry}>
            Try again
          </Button>
        </div>
      </Empty>
    </>
  );
}
