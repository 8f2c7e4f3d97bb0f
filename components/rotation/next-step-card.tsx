'use client';

import { Check, Copy, NotebookPen } from 'lucide-react';
import { useCallback } from 'react';
import { useSecretUrls } from '#components/connections/use-secret-urls.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Button, ButtonLink } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { useCopy } from '#components/ui/use-copy.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import type { NextStep } from './next-step.ts';

/** After a rotation that leads to no one by itself: where the new URL is, and how the next one reaches everyone. */
export function NextStepCard({ project, step: { title, text, site } }: { project: ProjectWire; step: NextStep }) {
  return (
    <Card className="p-4" aria-labelledby="next-step">
      <h2 id="next-step" className="font-semibold">
        {title}
      </h2>
      <p className="mt-0.5 text-ink-2">{text}</p>
      {site === null ? <Ways project={project} /> : <SiteLink site={site} />}
    </Card>
  );
}

const SiteLink = ({ site }: { site: string }) => (
  <ButtonLink className="mt-3" kind="primary" href={`/sites/${encodeURIComponent(site)}`}>
    Open the site
  </ButtonLink>
);

function Ways({ project }: { project: ProjectWire }) {
  const urls = useSecretUrls(project.id, project.credential.version);
  const roleReason = useRoleReason('admin');
  const staleReason = useStaleReason();
  const isPooled = project.pooled_port !== null;
  const { read } = urls;
  const { copied, copy } = useCopy(
    useCallback(async () => read().then((found) => (isPooled ? found?.pooled_url : found?.direct_url) ?? null), [read, isPooled]),
  );
  return (
    <>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button
          kind="primary"
          icon={copied ? Check : Copy}
          busy={urls.isBusy && 'Loading the URL'}
          disabledReason={roleReason || staleReason}
          onClick={() => void copy()}
        >
          {copied ? 'Copied' : `Copy the ${isPooled ? 'pooled' : 'direct'} URL`}
        </Button>
        <ButtonLink icon={NotebookPen} href={`/projects/${project.id}/connections#consumers`}>
          Write down who uses it
        </ButtonLink>
      </div>
      <p className="hint">With consumers written down, the next rotation updates the integrations and gives you a runbook for the rest.</p>
      {urls.problem && (
        <p className="mt-2 text-danger-ink" role="alert">
          {urls.problem}
        </p>
      )}
    </>
  );
}
