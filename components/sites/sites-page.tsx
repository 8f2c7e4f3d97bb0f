'use client';

import { Globe, Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState } from 'react';
import { siteName, siteStanding } from '#components/data/database-standing.ts';
import { useSites } from '#components/data/sites.ts';
import { serverName } from '#components/projects/server-name.ts';
import { useNoWorker } from '#components/session/queries.ts';
import { useChangeReason } from '#components/session/use-role-reason.ts';
import { useActLink } from '#components/ui/act-link.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { State } from '#components/ui/state.tsx';
import type { SiteWire } from '#lib/contract/vector/site.ts';

// Loaded when it is opened first.
const SiteDialog = dynamic(() => import('./site-dialog.tsx').then((module) => module.SiteDialog));

/** All sites, and the way to add one. `needsMariadb`: a demonstration site would be here if MariaDB were installed. */
export function SitesPage({ needsMariadb }: { needsMariadb: boolean }) {
  const list = useSites();
  const reason = useChangeReason();
  const [isAdding, setIsAdding] = useState(false);
  useActLink('add', reason, () => setIsAdding(true));
  const add = (
    <Button kind="primary" icon={Plus} disabledReason={reason} onClick={() => setIsAdding(true)}>
      Add a site
    </Button>
  );
  return (
    <>
      <div className="mb-5 flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h1>Sites</h1>
          <p className="mt-0.5 text-ink-3">Each has a development database, whose reset works at once, and environments.</p>
        </div>
        {list.data && list.data.total > 0 && add}
      </div>
      {list.data?.total === 0 && (
        <Card>
          <Empty
            icon={Globe}
            tone="accent"
            title="No site yet"
            text="A site is a website with a database for development and one for each environment. Adding one changes nothing on its server."
            foot={
              needsMariadb && (
                <>
                  To try one first, install MariaDB on Rekey’s machine (<code>apt install mariadb-server</code>, <code>brew install mariadb</code>) and start
                  Rekey again: a demonstration site is then ready here.
                </>
              )
            }
          >
            <div className="mt-4">{add}</div>
          </Empty>
        </Card>
      )}
      {list.data?.total !== 0 && (
        <Card title={list.data ? (list.data.total === 1 ? '1 site' : `${list.data.total} sites`) : 'All sites'}>
          {list.data ? (
            <ul className="list">
              {list.data.sites.map((site) => (
                <SiteRow key={site.id} site={site} />
              ))}
            </ul>
          ) : list.isError ? (
            <ListProblem error={list.error} isAsking={list.isFetching} onRetry={() => void list.refetch()} />
          ) : (
            <RowsSkeleton label="Loading the sites" />
          )}
          {list.hasNextPage && (
            <div className="border-t border-line p-3 text-center">
              <Button size="small" busy={list.isFetchingNextPage && 'Loading'} onClick={() => void list.fetchNextPage()}>
                Show more
              </Button>
            </div>
          )}
        </Card>
      )}
      {isAdding && <SiteDialog onClose={() => setIsAdding(false)} />}
    </>
  );
}

function SiteRow({ site }: { site: SiteWire }) {
  const { kind, text, of } = siteStanding(site, useNoWorker());
  const count = site.environments.length;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <Link href={`/sites/${encodeURIComponent(site.id)}`} className="font-medium [overflow-wrap:anywhere] hover:underline">
          {siteName(site)}
        </Link>
        <p className="text-xs text-ink-3 [overflow-wrap:anywhere]">
          {serverName(site)} on <code>{site.db_host}</code> · customer <code>{site.partner_customer_id}</code> ·{' '}
          {count === 1 ? '1 environment' : `${count} environments`}
        </p>
      </div>
      <span className="flex items-center gap-2">
        {kind !== 'ok' && count > 0 && <span className="text-xs text-ink-3">{of}</span>}
        <State kind={kind}>{text}</State>
      </span>
    </li>
  );
}
