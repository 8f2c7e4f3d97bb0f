'use client';

import { SecretUrl } from '#components/connections/secret-url.tsx';
import { useSecretUrls } from '#components/connections/use-secret-urls.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Notice } from '#components/ui/notice.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';
import { maskedParts } from '#lib/contract/snippets/project-parts.ts';

/** The connection URL of a site's database: revealed and copied as on the project's own page. */
export function SiteUrl({ project }: { project: ProjectWire }) {
  const urls = useSecretUrls(project.id, project.credential.version);
  const roleReason = useRoleReason('admin');
  const staleReason = useStaleReason();
  return (
    <div className="border-t border-line px-4 py-3">
      <SecretUrl
        endpoint="direct"
        parts={maskedParts(project).direct}
        hint="with the current password"
        urls={urls}
        disabledReason={roleReason || staleReason}
      />
      {urls.problem && (
        <Notice tone="danger" role="alert" className="mt-3" title="Could not load the URL.">
          {urls.problem}
        </Notice>
      )}
    </div>
  );
}
