'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { Fragment } from 'react';
import { siteName } from '#components/data/database-standing.ts';
import { useJob, useProject } from '#components/data/projects.ts';
import { useSite } from '#components/data/sites.ts';
import { jobTitle } from '#components/jobs/job-words.ts';
import { useMe } from '#components/session/me.tsx';

interface Crumb {
  label: string;
  href?: string;
}

const ORGANIZATION_PAGES: Record<string, string> = { members: 'Members', 'api-keys': 'API keys', webhooks: 'Webhooks' };
const PAGES: Record<string, string> = { connections: 'Connections', activity: 'Activity', settings: 'Settings' };

/** Where the page stands; the last crumb is the page itself. */
export function Breadcrumb() {
  const crumbs = useCrumbs();
  return (
    <nav aria-label="Breadcrumb" className="flex min-w-0 flex-1 items-center gap-1.5 text-ink-3">
      {crumbs.map((crumb, index) =>
        index === crumbs.length - 1 ? (
          <span key={crumb.label} className="truncate font-medium text-ink" aria-current="page">
            {crumb.label}
          </span>
        ) : (
          <Fragment key={crumb.label}>
            <Link href={crumb.href ?? '/'} className="hidden max-w-48 truncate hover:text-ink sm:inline">
              {crumb.label}
            </Link>
            <span className="hidden sm:inline" aria-hidden="true">
              /
            </span>
          </Fragment>
        ),
      )}
    </nav>
  );
}

function useCrumbs(): Crumb[] {
  const [area, id, page, jobId] = usePathname().split('/').filter(Boolean);
  const organization = useMe().organization.name;
  const projectId = area === 'projects' && id !== 'new' ? id : undefined;
  const projectName = useProject(projectId ?? '', projectId !== undefined).data?.name;
  const site = useSite(decodeURIComponent(id ?? ''), area === 'sites' && id !== undefined).data;
  const job = useJob(area === 'projects' ? jobId : null).data;
  if (area === 'settings')
    return [{ label: organization, href: '/' }, { label: 'Organization', href: '/settings/members' }, { label: ORGANIZATION_PAGES[id ?? ''] ?? 'Settings' }];
  if (area === 'account') {
    const account = { label: 'Your account', href: '/account' };
    return id === 'notifications' ? [account, { label: 'Notifications' }] : [{ label: organization, href: '/' }, account];
  }
  if (area === 'policies') {
    const policies = { label: 'Policies', href: '/policies' };
    return id ? [policies, { label: id === 'new' ? 'New policy' : 'Policy' }] : [{ label: organization, href: '/' }, policies];
  }
  if (area === 'campaigns') {
    const campaigns = { label: 'Campaigns', href: '/campaigns' };
    return id ? [campaigns, { label: 'Campaign' }] : [{ label: organization, href: '/' }, campaigns];
  }
  if (area === 'import') {
    const overview = { label: 'Overview', href: '/' };
    return id
      ? [overview, { label: 'Import', href: '/import' }, { label: id === 'accounts' ? 'Accounts of a server' : 'Progress' }]
      : [{ label: organization, href: '/' }, overview, { label: 'Import' }];
  }
  if (area === 'audit') return [{ label: organization, href: '/' }, { label: 'Audit log' }];
  if (area === 'sites') {
    const sites = { label: 'Sites', href: '/sites' };
    return id ? [sites, { label: site ? siteName(site) : 'Site' }] : [{ label: organization, href: '/' }, sites];
  }
  if (area !== 'projects' || !id) return [{ label: organization, href: '/' }, { label: 'Overview' }];
  if (id === 'new') return [{ label: 'Projects', href: '/' }, { label: 'Add a database' }];
  const above = [
    { label: 'Projects', href: '/' },
    { label: projectName ?? 'Project', href: `/projects/${id}/connections` },
  ];
  const last = { label: PAGES[page ?? ''] ?? 'Project', href: `/projects/${id}/${page}` };
  return jobId ? [...above, last, { label: job ? jobTitle(job) : 'Job' }] : [...above, last];
}
