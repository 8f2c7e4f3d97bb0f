'use client';

import { Building2, CalendarClock, Globe, LayoutList, Plus, ScrollText, Waves } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { siteName, siteStanding } from '#components/data/database-standing.ts';
import { useProject, useProjectSummary, useTopProjects } from '#components/data/projects.ts';
import { useSites } from '#components/data/sites.ts';
import { projectStanding } from '#components/data/standing.ts';
import { useLive } from '#components/session/live.tsx';
import { useMe } from '#components/session/me.tsx';
import { useNoWorker, useRunningCampaigns, useStatus } from '#components/session/queries.ts';
import { Icon } from '#components/ui/icon.tsx';
import { Logo } from '#components/ui/logo.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';
import { chooseEntries, type SidebarEntry, worstFirst } from './choose-entries.ts';
import { PaletteButton } from './palette-button.tsx';
import { PersonMenu } from './person-menu.tsx';

const MOST = 12;

interface SidebarEntriesProps {
  entries: SidebarEntry[];
  /** How many there are, where not all are known here. */
  total?: number | undefined;
  /** Where all of them stand. */
  all: { href: string; things: string };
}

/** Projects or sites with the colour and shape of their state; beyond a dozen, a way to all of them. */
function SidebarEntries({ entries, total = entries.length, all }: SidebarEntriesProps) {
  const shown = chooseEntries(entries, MOST);
  return (
    <>
      {shown.map(({ id, name, href, pip, current }) => (
        <Link key={id} href={href} aria-current={current}>
          <span className="pip" data-tone={pip} />
          <span className="truncate">{name}</span>
        </Link>
      ))}
      {shown.length < total && (
        <Link href={all.href} className="!text-ink-3">
          <span className="pl-6">
            All <span className="num">{total}</span> {all.things}
          </span>
        </Link>
      )}
    </>
  );
}

/** Whether somebody is there to do the work. */
function WorkersLine() {
  const workers = useStatus().data?.components.find((component) => component.name === 'worker');
  const isStale = useLive().state === 'stale';
  if (!workers) return null;
  const isOk = workers.status === 'ok';
  return (
    <p data-stale={isStale || undefined} className={`flex items-baseline gap-2 px-2 py-1 text-xs ${isOk ? 'text-ink-3' : 'font-medium text-warn-ink'}`}>
      <span className={`size-1.5 shrink-0 rounded-full ${isOk ? 'bg-ok' : 'bg-warn'}`} />
      {workers.workers === 0 ? 'No worker is running' : (workers.message ?? (isOk ? 'A worker is alive' : 'No worker is alive'))}
    </p>
  );
}

/** What stands in the sidebar and in the phone's drawer. */
export function SidebarContent({ onShowKeys, onSearch }: { onShowKeys: () => void; onSearch: () => void }) {
  const path = usePathname();
  const { organization } = useMe();
  const siteList = useSites().data;
  const sites = siteList?.sites ?? [];
  const noWorker = useNoWorker();
  const summary = useProjectSummary({}, noWorker).data;
  const needing = summary?.needs_attention ?? 0;
  const running = useRunningCampaigns();
  const top = useTopProjects().data;
  const projects = useWithOpen(top?.projects ?? [], path);
  const projectEntries = projects.map((project): SidebarEntry => {
    const { id, name } = project;
    const current = !path.startsWith(`/projects/${id}/`) ? undefined : path.endsWith('/connections') ? 'page' : 'true';
    return { id, name, href: `/projects/${id}/connections`, pip: projectStanding(project, noWorker).pip, current };
  });
  const siteEntries = sites.map((site): SidebarEntry => {
    const href = `/sites/${encodeURIComponent(site.id)}`;
    return { id: site.id, name: siteName(site), href, pip: siteStanding(site, noWorker).pip, current: path === href ? 'page' : undefined };
  });
  return (
    <>
      <p className="mb-2 flex h-8 items-center gap-2 px-1.5 font-semibold">
        <Logo />
        <span className="flex-1 truncate">{organization.name}</span>
      </p>
      <PaletteButton onOpen={onSearch} />
      <nav className="nav flex-1 overflow-y-auto" aria-label="Main">
        <Link href="/" aria-current={path === '/' ? 'page' : undefined}>
          <Icon as={LayoutList} />
          Overview
          {needing > 0 && (
            <span className="count">
              {needing}
              <span className="sr-only"> {needing === 1 ? 'needs' : 'need'} a person</span>
            </span>
          )}
        </Link>
        <Link href="/sites" aria-current={path === '/sites' ? 'page' : path.startsWith('/sites/') ? 'true' : undefined}>
          <Icon as={Globe} />
          Sites
        </Link>
        <Link href="/campaigns" aria-current={path === '/campaigns' ? 'page' : path.startsWith('/campaigns/') ? 'true' : undefined}>
          <Icon as={Waves} />
          Campaigns
          {running > 0 && (
            <span className="count !text-accent-ink">
              {running}
              <span className="sr-only"> running</span>
            </span>
          )}
        </Link>
        <Link href="/policies" aria-current={path === '/policies' ? 'page' : path.startsWith('/policies/') ? 'true' : undefined}>
          <Icon as={CalendarClock} />
          Policies
        </Link>
        <Link href="/audit" aria-current={path === '/audit' ? 'page' : path.startsWith('/audit/') ? 'true' : undefined}>
          <Icon as={ScrollText} />
          Audit log
        </Link>
        <Link href="/settings/members" aria-current={path.startsWith('/settings/') ? 'page' : undefined}>
          <Icon as={Building2} />
          Organization
        </Link>
        <h2>Projects</h2>
        <SidebarEntries entries={worstFirst(projectEntries)} total={top?.hasMore ? summary?.total : undefined} all={{ href: '/', things: 'projects' }} />
        {summary?.total === 0 && (
          <Link href="/projects/new" aria-current={path === '/projects/new' ? 'page' : undefined}>
            <Icon as={Plus} />
            Add a database
          </Link>
        )}
        {sites.length > 0 && <h2>Sites</h2>}
        <SidebarEntries entries={worstFirst(siteEntries)} total={siteList?.total} all={{ href: '/sites', things: 'sites' }} />
      </nav>
      <div className="mt-2 border-t border-line pt-2">
        <WorkersLine />
        <PersonMenu onShowKeys={onShowKeys} />
      </div>
    </>
  );
}

/** By name, with the project that is open, which may not be among the first. One of a site stands there already. */
function useWithOpen(projects: ProjectWire[], path: string): ProjectWire[] {
  const id = /^\/projects\/([^/]+)\/./.exec(path)?.[1];
  const open = useProject(id ?? '', id !== undefined && projects.every((project) => project.id !== id)).data;
  const all = open && open.site === null && projects.every((project) => project.id !== open.id) ? [...projects, open] : projects;
  return all.toSorted((a, b) => a.name.localeCompare(b.name));
}
