'use client';

import { FileCog, KeyRound } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState } from 'react';
import { useProject } from '#components/data/projects.ts';
import type { ResetTarget } from '#components/data/reset-target.ts';
import { useReconfigure } from '#components/data/sites.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Age } from '#components/ui/time.tsx';
import { showToast } from '#components/ui/toaster.tsx';
import type { SiteWire } from '#lib/contract/vector/site.ts';
import { CannotReset } from './cannot-reset.tsx';
import { SiteProofLine } from './site-proof-line.tsx';
import { SiteUrl } from './site-url.tsx';

// Loaded when it is opened first.
const ResetDialog = dynamic(() => import('./reset-dialog.tsx').then((module) => module.ResetDialog));

/** The development database: its reset works at once. */
export function DevelopmentCard({ site }: { site: SiteWire }) {
  const project = useProject(site.project_id).data;
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  const reconfigure = useReconfigure(site.id);
  const [isResetting, setIsResetting] = useState(false);
  const reason = roleReason || staleReason;
  const resetReason = reason || (site.status === 'resetting' && 'A reset is in progress.');
  const path = site.wp_config_path;
  const target: ResetTarget = { kind: 'development', id: site.id, projectId: site.project_id, user: site.db_username, version: site.current.version, path };
  const write = () =>
    reconfigure.mutate(undefined, { onSuccess: () => showToast('ok', 'The site’s file holds the current password.', 'The password was not changed.') });
  return (
    <>
      <Card
        className="overflow-hidden"
        title="Development"
        actions={
          <Button size="small" icon={KeyRound} disabledReason={resetReason} onClick={() => setIsResetting(true)}>
            Reset password
          </Button>
        }
      >
        {project && <SiteProofLine project={project} of={target} />}
        {site.last_error !== null && site.status === 'active' && (
          <Notice tone="danger" className="m-4 mb-0" title="The last attempt failed.">
            {site.last_error}
          </Notice>
        )}
        {site.wp_config_error === null && <CannotReset text={site.cannot_rotate} projectId={site.project_id} />}
        {site.wp_config_error !== null && (
          <Notice tone="danger" className="m-4 mb-0" title="The site’s file cannot be written, so a reset is refused.">
            {site.wp_config_error}
          </Notice>
        )}
        <KeyValue
          wide
          className="px-4 py-2.5"
          rows={[
            ['Database', <code key="database">{site.db_name}</code>],
            ['Age', <Age key="age" since={site.current.created_at} />],
            ['User', <code key="user">{site.db_username}</code>],
            ['On reset', <Badge key="reset">At once, sessions are closed</Badge>],
            [
              'Writes',
              path === null ? (
                <span key="none" className="text-ink-3">
                  no file named
                </span>
              ) : (
                <code key="path" className="[overflow-wrap:anywhere]">
                  {path}
                </code>
              ),
            ],
          ]}
        />
        {project && <SiteUrl project={project} />}
        {reconfigure.isError && (
          <Notice tone="danger" role="alert" className="m-4" title="The site’s file was not written.">
            {reconfigure.error.message}
          </Notice>
        )}
        <div className="card-foot flex flex-wrap items-center gap-x-3 gap-y-2">
          <Link href={`/projects/${site.project_id}/activity`} className="flex-1 text-xs text-ink-2 hover:underline">
            Activity of this database
          </Link>
          {path !== null && (
            <Button size="small" kind="quiet" icon={FileCog} busy={reconfigure.isPending && 'Writing'} disabledReason={resetReason} onClick={write}>
              Write the file again
            </Button>
          )}
        </div>
      </Card>
      {isResetting && <ResetDialog of={target} onClose={() => setIsResetting(false)} />}
    </>
  );
}
