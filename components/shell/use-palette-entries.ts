'use client';

import { Building2, CalendarClock, Globe, KeyRound, LayoutList, type LucideIcon, Plus, ScrollText, UserRound, Webhook } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useFoundProjects, useProjectSummary, useTopProjects } from '#components/projects/queries.ts';
import { projectStanding, type Standing } from '#components/projects/standing.ts';
import { siteName, siteStanding } from '#components/sites/database-standing.ts';
import { useFoundSites, useSites } from '#components/sites/queries.ts';
import { useTyped } from '#components/ui/use-debounced.ts';
import { useStaleReason } from './live.tsx';
import { MOST_IN_GROUP } from './match-entries.ts';
import type { PaletteAct } from './palette-acts.ts';
import { useNoWorker } from './queries.ts';
import { useOrganizationReason } from './use-role-reason.ts';

export interface PaletteEntry {
  id: string;
  label: string;
  /** Beside the label, quieter. */
  detail?: string;
  words: string;
  icon?: LucideIcon;
  pip?: Standing['pip'];
  keys?: string;
  reason?: string | false;
  run: () => void;
}

const PAGES: readonly { label: string; href: string; icon: LucideIcon; keys?: string; detail?: string }[] = [
  { label: 'Overview', href: '/', icon: LayoutList, keys: 'G O' },
  { label: 'Sites', href: '/sites', icon: Globe },
  { label: 'Policies', href: '/policies', icon: CalendarClock },
  { label: 'Audit log', href: '/audit', icon: ScrollText, keys: 'G L' },
  { label: 'Members', href: '/settings/members', icon: Building2, detail: 'Organization' },
  { label: 'API keys', href: '/settings/api-keys', icon: KeyRound, detail: 'Organization' },
  { label: 'Webhooks', href: '/settings/webhooks', icon: Webhook, detail: 'Organization' },
  { label: 'Your account', href: '/account', icon: UserRound },
];

export interface PaletteSection {
  title: string;
  entries: PaletteEntry[];
  /** How many there are that match, where not all are known here. */
  total?: number | undefined;
}

/** What the palette finds: what can be done on the page that is open, and everywhere one can go. Projects and sites are searched by the server. */
export function usePaletteEntries(acts: readonly PaletteAct[], search: string): { sections: PaletteSection[]; isSearching: boolean } {
  const router = useRouter();
  const text = useTyped(search.trim());
  const isSearch = text !== '';
  const found = useFoundProjects(text, MOST_IN_GROUP);
  const count = useProjectSummary({ q: text || undefined }).data?.total;
  const top = useTopProjects();
  const foundSites = useFoundSites(text);
  const firstSites = useSites();
  const projects = (isSearch ? found : top).data?.projects ?? [];
  const { sites, total: siteCount } = (isSearch ? foundSites : firstSites).data ?? { sites: [], total: 0 };
  const noWorker = useNoWorker();
  const staleReason = useStaleReason();
  const adminReason = useOrganizationReason('admin');
  const goTo = (href: string) => () => router.push(href);
  const sections: PaletteSection[] = [
    { title: 'On this page', entries: acts.map((act) => ({ ...act, id: `act ${act.label}`, words: act.label })) },
    {
      title: 'Projects',
      total: count,
      entries: projects.map((project) => ({
        id: project.id,
        label: project.name,
        detail: `${project.role_name} @ ${project.public_host}`,
        words: `${project.name} ${project.role_name} ${project.public_host}`,
        pip: projectStanding(project, noWorker).pip,
        run: goTo(`/projects/${project.id}/connections`),
      })),
    },
    {
      title: 'Sites',
      total: siteCount,
      entries: sites.map((site) => ({
        id: site.id,
        label: siteName(site),
        words: `${siteName(site)} ${site.partner_customer_id}`,
        pip: siteStanding(site, noWorker).pip,
        run: goTo(`/sites/${encodeURIComponent(site.id)}`),
      })),
    },
    {
      title: 'Pages',
      entries: [
        ...PAGES.map(({ href, ...page }) => ({ ...page, id: href, words: `${page.label} ${page.detail ?? ''}`, run: goTo(href) })),
        { id: 'new', label: 'Add a database', words: 'Add a database', icon: Plus, reason: staleReason || adminReason, run: goTo('/projects/new') },
      ],
    },
  ];
  return { sections, isSearching: text !== search.trim() || (isSearch && (found.isFetching || foundSites.isFetching)) };
}
