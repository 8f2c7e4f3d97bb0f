'use client';

import { Building2, CalendarClock, Globe, KeyRound, LayoutList, type LucideIcon, Plus, ScrollText, UserRound, Webhook } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useProjects } from '#components/projects/queries.ts';
import { projectStanding, type Standing } from '#components/projects/standing.ts';
import { siteName, siteStanding } from '#components/sites/database-standing.ts';
import { useSites } from '#components/sites/queries.ts';
import { useStaleReason } from './live.tsx';
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

/** All that the palette finds: what can be done on the page that is open, and everywhere one can go. */
export function usePaletteEntries(acts: readonly PaletteAct[]): { title: string; entries: PaletteEntry[] }[] {
  const router = useRouter();
  const projects = useProjects().data ?? [];
  const sites = useSites().data?.sites ?? [];
  const noWorker = useNoWorker();
  const staleReason = useStaleReason();
  const adminReason = useOrganizationReason('admin');
  const goTo = (href: string) => () => router.push(href);
  return [
    { title: 'On this page', entries: acts.map((act) => ({ ...act, id: `act ${act.label}`, words: act.label })) },
    {
      title: 'Projects',
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
}
