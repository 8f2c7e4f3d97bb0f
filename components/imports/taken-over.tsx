import Link from 'next/link';
import { Notice } from '#components/ui/notice.tsx';
import type { TakeOverWire } from '#lib/contract/import.ts';

/** Whose first rotation has begun, with a link to each. */
export function TakenOver({ taken }: { taken: TakeOverWire['taken'] }) {
  return (
    <Notice
      className="mb-5"
      tone="info"
      role="status"
      title={`${taken.length === 1 ? 'The first rotation of 1 account' : `The first rotations of ${taken.length} accounts`} started.`}
    >
      The new password is proven by a login before it is handed out:{' '}
      {taken.map(({ account, project, job_id: jobId }, index) => (
        <span key={account}>
          {index > 0 && ', '}
          <Link className="link mono" href={`/projects/${project.id}/activity/${jobId}`}>
            {account}
          </Link>
        </span>
      ))}
      .
    </Notice>
  );
}
