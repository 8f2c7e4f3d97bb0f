'use client';

import { Eye, KeyRound } from 'lucide-react';
import { useStaleReason } from '#components/session/live.tsx';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Age } from '#components/ui/time.tsx';
import { showToast } from '#components/ui/toaster.tsx';
import { writeClipboard } from '#components/ui/use-copy.ts';
import { useShortcut } from '#components/ui/use-shortcut.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { maskedParts } from '#lib/contract/snippets/project-parts.ts';
import { CodeTabs } from './code-tabs.tsx';
import { SecretUrl } from './secret-url.tsx';
import { type SecretUrls, useSecretUrls } from './use-secret-urls.ts';

/** The URLs, and the same as code. */
export function ConnectionCard({ project }: { project: ProjectWire }) {
  const urls = useSecretUrls(project.id, project.credential.version);
  const roleReason = useRoleReason('admin');
  const staleReason = useStaleReason();
  const disabledReason = roleReason || staleReason;
  useUrlKeys(project, urls, !disabledReason);
  const { pooled, direct } = maskedParts(project);
  return (
    <Card
      title="Connection"
      actions={
        <>
          <Badge icon={KeyRound}>v{project.credential.version}</Badge>
          <span className="pr-2 text-xs text-ink-3">{project.rotated_at === null ? 'never rotated here' : <RotatedAt at={project.rotated_at} />}</span>
        </>
      }
    >
      <div className="grid grid-cols-1 gap-4 p-4">
        {pooled && <SecretUrl endpoint="pooled" parts={pooled} hint="DATABASE_URL, for applications" urls={urls} disabledReason={disabledReason} />}
        <SecretUrl
          endpoint="direct"
          parts={direct}
          hint={pooled ? 'DATABASE_URL_UNPOOLED, for migrations and psql' : 'DATABASE_URL'}
          urls={urls}
          disabledReason={disabledReason}
        />
        {urls.revealed && (
          <p className="flex items-center gap-1.5 text-xs text-ink-2" role="status">
            <Icon as={Eye} className="!size-3.5 text-accent-ink" />
            Revealed to you for 60 s. This was recorded in the audit log.
          </p>
        )}
        {urls.problem && (
          <Notice tone="danger" role="alert" title="Could not load the connection URL.">
            {urls.problem}
          </Notice>
        )}
      </div>
      <CodeTabs project={project} urls={urls} disabledReason={disabledReason} />
    </Card>
  );
}

function RotatedAt({ at }: { at: string }) {
  const isToday = Date.now() - Date.parse(at) < 86_400_000;
  return (
    <>
      rotated <Age since={at} />
      {isToday ? '' : ' ago'}
    </>
  );
}

/** C copies the pooled URL (the direct one where there is no pooler), V reveals and hides. */
function useUrlKeys(project: ProjectWire, urls: SecretUrls, enabled: boolean): void {
  const name = project.pooled_port === null ? 'direct' : 'pooled';
  useShortcut(
    'c',
    () => {
      const url = urls.read().then((had) => had?.pooled_url ?? had?.direct_url ?? null);
      void writeClipboard(url).then((done) => done && showToast('ok', `The ${name} URL is in the clipboard.`));
    },
    { enabled },
  );
  useShortcut('v', () => (urls.revealed ? urls.hide() : urls.reveal(name)), { enabled });
}
