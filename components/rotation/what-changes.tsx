'use client';

import { useNow } from '#components/ui/now.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';

const DAY_MS = 86_400_000;

/** What a rotation changes in the URL, and what stays. */
export function WhatChanges({ project, toVersion }: { project: ProjectWire; toVersion: number }) {
  const now = useNow();
  const { version, created_at: createdAt } = project.credential;
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
            v{version} → v{toVersion}
          </span>
          @{host}:{project.direct_port}/{project.database_name}
        </code>
      </p>
      <p className="hint">
        Only the password of <code>{project.role_name}</code>. Host, ports, database and role name stay.
      </p>
      <p className="hint">
        v{version} {days === null || days < 1 ? 'came to Rekey today' : `is ${days === 1 ? '1 day' : `${days} days`} old`} and ends as soon as v{toVersion} has
        logged in.
      </p>
    </section>
  );
}
