import { RotateCw } from 'lucide-react';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

interface ListProblemProps {
  error: Error;
  isAsking: boolean;
  onRetry: () => void;
}

/** In the place of a list that could not be loaded. */
export function ListProblem({ error, isAsking, onRetry }: ListProblemProps) {
  return (
    <div className="p-4">
      <Notice
        tone="danger"
        role="alert"
        title="The list could not be loaded."
        action={
          <Button size="small" icon={RotateCw} busy={isAsking && 'Trying again'} onClick={onRetry}>
            Try again
          </Button>
        }
      >
        {error.message} Running jobs continue.
      </Notice>
    </div>
  );
}
