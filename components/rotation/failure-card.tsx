import { Card } from '#components/ui/card.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import type { RotationWire } from '#lib/http/wire/job.ts';
import { failureAdvice } from './failure-advice.ts';
import { wasUndone } from './rotation-facts.ts';

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** The three things every failure answers. */
export function FailureCard({ rotation }: { rotation: RotationWire }) {
  const { from_version: from, to_version: to, error_code: errorCode } = rotation;
  const { short, todo } = failureAdvice(errorCode);
  const changed = wasUndone(rotation)
    ? `For a moment: the server took v${to}. Then v${from} was put back, and it has logged in.`
    : 'No. The change was never committed on the server.';
  return (
    <Card className="p-4" aria-labelledby="why">
      <h2 id="why" className="font-semibold">
        Why, and what to do
      </h2>
      <KeyValue
        className="mt-1.5 max-sm:!grid-cols-1 max-sm:[&>dd]:pt-0"
        rows={[
          ['What happened', sentence(short)],
          ['Did anything change', changed],
          ['What to do', todo],
        ]}
      />
    </Card>
  );
}
