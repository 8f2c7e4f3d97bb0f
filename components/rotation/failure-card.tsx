import { CheckNow } from '#components/connections/check-now.tsx';
import { wasSuperseded, wasUndone } from '#components/proofs/rotation-facts.ts';
import { Card } from '#components/ui/card.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import type { RotationWire } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { failureAdvice } from './failure-advice.ts';

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

function changedWords(rotation: RotationWire): string {
  const { from_version: from, to_version: to } = rotation;
  if (wasSuperseded(rotation)) return `Not known: whether v${from} or v${to} worked was never proven. Another password was entered since.`;
  if (wasUndone(rotation)) return `For a moment: the server accepted v${to}. Then v${from} was restored, and it has logged in.`;
  return 'No. The change was never committed on the server.';
}

/** The three things every failure answers. */
export function FailureCard({ rotation, project }: { rotation: RotationWire; project: ProjectWire }) {
  const { short, todo } = failureAdvice(rotation.error_code, project.engine);
  return (
    <Card className="p-4" aria-labelledby="why">
      <h2 id="why" className="font-semibold">
        Why, and what to do
      </h2>
      <KeyValue
        className="mt-1.5 max-sm:!grid-cols-1 max-sm:[&>dd]:pt-0"
        rows={[
          ['What happened', sentence(short)],
          ['Did anything change', changedWords(rotation)],
          ['What to do', todo],
        ]}
      />
      {project.state !== 'rotating_credentials' && (
        <p className="mt-3 flex flex-wrap items-center gap-2">
          <CheckNow project={project} />
          <span className="text-xs text-ink-3">Logs in with the current password. Changes nothing.</span>
        </p>
      )}
    </Card>
  );
}
