import { EventsCard } from './events-card.tsx';
import { JobsCard } from './jobs-card.tsx';

/** What ran, and who did what. */
export function ActivityPage({ projectId }: { projectId: string }) {
  return (
    <div className="grid grid-cols-1 gap-4">
      <JobsCard projectId={projectId} />
      <EventsCard projectId={projectId} />
    </div>
  );
}
