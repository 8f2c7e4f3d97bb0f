'use client';

import { usePathname } from 'next/navigation';
import { useProject } from '#components/data/projects.ts';
import { PolicyBadge } from '#components/policies/policy-badge.tsx';
import { RotateButton } from '#components/rotation/rotate-button.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { LinkTabs } from '#components/ui/link-tabs.tsx';
import { SkeletonBar } from '#components/ui/skeleton.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';
import { serverName } from './server-name.ts';

/** Name, place and tabs of a project; with the primary button, but on Settings, where it has a section of its own. */
export function ProjectHeader({ projectId }: { projectId: string }) {
  const { data: project, isError } = useProject(projectId);
  const isSettings = usePathname().endsWith('/settings');
  if (isError && !project) return <h1 className="sr-only">Project</h1>;
  const at = `/projects/${projectId}`;
  return (
    <>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-2">
            <h1 className="[overflow-wrap:anywhere]">{project?.name ?? <SkeletonBar width="8rem" className="!h-5" />}</h1>
            {project && <Badge tone="line">{project.environment === 'production' ? 'Production' : 'Non-production'}</Badge>}
            {project && <PolicyBadge policy={project.policy} />}
          </div>
          <div className="mt-0.5 text-ink-3 [overflow-wrap:anywhere]">{project ? <Place project={project} /> : <Waiting />}</div>
        </div>
        {!isSettings && (
          <div className="flex gap-2 max-sm:w-full max-sm:*:flex-1">
            <RotateButton />
          </div>
        )}
      </div>
      <LinkTabs
        label="Project"
        className="mt-4 mb-5"
        tabs={[
          { href: `${at}/connections`, label: 'Connections' },
          { href: `${at}/activity`, label: 'Activity' },
          { href: `${at}/settings`, label: 'Settings' },
        ]}
      />
    </>
  );
}

function Place({ project }: { project: ProjectWire }) {
  const { role_name: role, public_host: host } = project;
  return (
    <>
      {serverName(project)} · role <code className="text-ink-2">{role}</code> on <code className="text-ink-2">{host}</code>
    </>
  );
}

const Waiting = () => (
  <span className="flex h-5 items-center">
    <SkeletonBar width="18rem" />
  </span>
);
