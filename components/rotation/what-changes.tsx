'use client';

import { useJobs } from '#components/projects/queries.ts';
import { useNow } from '#components/ui/now.tsx';
import type { ProjectWire } from '#lib/http/wire/project.ts';
import { nextVersion } from './next-version.ts';

const DAY_MS = 86_400_000;

/** What a rotation changes in the URL, and what stays. */
export function WhatChanges({ project }: { project: ProjectWire }) {
  const now = useNow();
  const jobs = useJobs(project.id).data ?? [];
  const { version, created_at: createdAt } = project.credential;
  const next = nextVersion(version, jobs);
  const days = now === null ? null : Math.floor((now.getTime() - Date.parse(createdAt)) / DAY_MS);
  const host = project.public_host.includes(':') ? `[${project.public_host}]` : project.public_host;
  return (
    <section aria-labelledby="what-changes">
      <h3 id="what-changes" className="font-semibold">
        What changes
      </h3>
      <p className="secret mt-2 !h-9">
        <code>
          postgresql://{project.role_name}:
          <span className="rounded-xs bg-accent-tint px-1 font-medium text-accent-ink">
            v{version} → v{next}
          </span>
          @{host}:{project.direct_port}/{project.database_name}
        </code>
      </p>
      <p className="hint">
        Only the password of <code>{project.role_name}</code>. Host, ports, database and role name stay.
      </p>
      <p className="hint">
        {days === null || days < 1 ? `v${version} was made today` : `v${version} is ${days === 1 ? '1 day' : `${days} days`} old`} and ends as soon as v{next} has logged in.
      </p>
      <p className="hint">{project.pooled_port === null ? 'It is proven by logins on the direct endpoint.' : 'It is proven by logins on the direct and on the pooled endpoint.'}</p>
    </section>
  );
}
