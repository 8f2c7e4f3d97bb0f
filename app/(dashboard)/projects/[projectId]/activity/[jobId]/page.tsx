import type { Metadata } from 'next';
import { JobPage } from '#components/activity/job-page.tsx';

export const metadata: Metadata = { title: 'Job' };

export default async function Page({ params }: { params: Promise<{ projectId: string; jobId: string }> }) {
  const { projectId, jobId } = await params;
  return <JobPage projectId={projectId} jobId={jobId} />;
}
