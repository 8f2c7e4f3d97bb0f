'use client';

import { Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { siteName } from '#components/data/database-standing.ts';
import { useDeployments, useSite } from '#components/data/sites.ts';
import { serverName } from '#components/projects/server-name.ts';
import { useChangeReason } from '#components/session/use-role-reason.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { NothingHere } from '#components/ui/empty.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { ApiProblem } from '#lib/contract/api-client.ts';
import type { SiteWire } from '#lib/contract/vector/site.ts';
import { DeploymentsCard, FIRST_DEPLOYMENTS } from './deployments-card.tsx';
import { DevelopmentCard } from './development-card.tsx';
import { EnvironmentCard } from './environment-card.tsx';
import { ForgetPlaceDialog } from './forget-place-dialog.tsx';
import { MoreMenu } from './more-menu.tsx';
import { SecretsCard } from './secrets-card.tsx';

// Loaded when they are opened first.
const EditSiteDialog = dynamic(() => import('./edit-site-dialog.tsx').then((module) => module.EditSiteDialog));
const EnvironmentDialog = dynamic(() => import('./environment-dialog.tsx').then((module) => module.EnvironmentDialog));

/** One site: its development database, its environments and their secrets. */
export function SitePage({ siteId }: { siteId: string }) {
  const site = useSite(siteId);
  if (site.data) return <Site site={site.data} />;
  if (site.error instanceof ApiProblem && site.error.status === 404)
    return (
      <NothingHere
        title="There is no such site"
        text="It may have been deleted, or it belongs to someone else. Nothing was changed."
        href="/sites"
        action="Open the sites"
      />
    );
  return (
    <Card>
      {site.isError ? (
        <ListProblem error={site.error} isAsking={site.isFetching} onRetry={() => void site.refetch()} />
      ) : (
        <RowsSkeleton label="Loading the site" />
      )}
    </Card>
  );
}

function Site({ site }: { site: SiteWire }) {
  const reason = useChangeReason();
  const router = useRouter();
  const [asked, setAsked] = useState<'add' | 'edit' | 'forget' | null>(null);
  const close = () => setAsked(null);
  const name = siteName(site);
  const [shownDeployments, setShownDeployments] = useState(FIRST_DEPLOYMENTS);
  const deployments = useDeployments(
    site.environments.map(({ id }) => id),
    shownDeployments,
  );
  return (
    <>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <div className="flex flex-wrap items-center gap-2">
            <h1 className="[overflow-wrap:anywhere]">{name}</h1>
            {site.wp_config_path !== null && <Badge>WordPress</Badge>}
          </div>
          <p className="mt-0.5 text-ink-3 [overflow-wrap:anywhere]">
            {serverName(site)} on <code className="text-ink-2">{site.db_host}</code> · customer <code className="text-ink-2">{site.partner_customer_id}</code>
          </p>
        </div>
        <div className="flex items-center gap-2 max-sm:w-full">
          <Button icon={Plus} disabledReason={reason} className="max-sm:flex-1" onClick={() => setAsked('add')}>
            Add an environment
          </Button>
          <MoreMenu name={name} disabled={reason !== false} onEdit={() => setAsked('edit')} onForget={() => setAsked('forget')} />
        </div>
      </div>
      <div className="mt-5 grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        {site.environments.map((environment, index) => (
          <EnvironmentCard key={environment.id} environment={environment} deployments={deployments[index]?.data ?? []} />
        ))}
        <DevelopmentCard site={site} />
      </div>
      {site.environments.length > 0 && (
        <DeploymentsCard environments={site.environments} lists={deployments} shown={shownDeployments} onMore={setShownDeployments} />
      )}
      <SecretsCard site={site} />
      {asked === 'add' && <EnvironmentDialog siteId={site.id} onClose={close} />}
      {asked === 'edit' && <EditSiteDialog site={site} onClose={close} />}
      {asked === 'forget' && (
        <ForgetPlaceDialog of="sites" id={site.id} name={name} onClose={close} onForgotten={() => router.push('/sites')}>
          Its databases, their users and every password that works stay as they are, and so does wp-config.php. Rekey loses its copy of them, with all
          environments, deployments and secrets of this site.
        </ForgetPlaceDialog>
      )}
    </>
  );
}
