'use client';

import {
  Building2,
  CalendarClock,
  Globe,
  Keyboard,
  KeyRound,
  LayoutList,
  LogOut,
  type LucideIcon,
  Mail,
  Plus,
  RotateCw,
  ScrollText,
  Upload,
  UserPlus,
  UserRound,
  Waves,
  Webhook,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import { siteName, siteStanding } from '#components/data/database-standing.ts';
import { useFoundProjects, useProjectSummary, useTopProjects } from '#components/data/projects.ts';
import { useFoundSites, useSites } from '#components/data/sites.ts';
import { projectStanding, type Standing } from '#components/data/standing.ts';
import { useStaleReason } from '#components/session/live.tsx';
import type { PaletteAct } from '#components/session/palette-acts.ts';
import { useNoWorker } from '#components/session/queries.ts';
import { useOrganizationReason, useRoleReason } from '#components/session/use-role-reason.ts';
import { signOut } from '#components/sign-in/session-requests.ts';
import { useGoToAct } from '#components/ui/act-link.ts';
import { useTyped } from '#components/ui/use-debounced.ts';
import { MOST_IN_GROUP } from './match-entries.ts';

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

/** Actions of other pages, each found by its `words`. `isOpen`: every member may use it. */
const ACTS: readonly { label: string; path: string; act: string; icon: LucideIcon; words: string; isOpen?: true }[] = [
  { label: 'Invite a member', path: '/settings/members', act: 'invite', icon: UserPlus, words: 'Invite a member user person' },
  { label: 'Create an API key', path: '/settings/api-keys', act: 'create', icon: KeyRound, words: 'Create an API key token' },
  { label: 'Add a webhook', path: '/settings/webhooks', act: 'add', icon: Webhook, words: 'Add a webhook endpoint' },
  { label: 'Add a site', path: '/sites', act: 'add', icon: Globe, words: 'Add a site' },
  { label: 'Change your password', path: '/account', act: 'password', icon: UserRound, words: 'Change your password', isOpen: true },
];

/** `rotate shop`: what is to be rotated. */
const ROTATE = /^rot\w*\s*/i;

const PAGES: readonly { label: string; href: string; icon: LucideIcon; keys?: string; detail?: string }[] = [
  { label: 'Overview', href: '/', icon: LayoutList, keys: 'G O' },
  { label: 'Sites', href: '/sites', icon: Globe },
  { label: 'Campaigns', href: '/campaigns', icon: Waves },
  { label: 'Policies', href: '/policies', icon: CalendarClock },
  { label: 'Audit log', href: '/audit', icon: ScrollText, keys: 'G L' },
  { label: 'Members', href: '/settings/members', icon: Building2, detail: 'Organization' },
  { label: 'API keys', href: '/settings/api-keys', icon: KeyRound, detail: 'Organization' },
  { label: 'Webhooks', href: '/settings/webhooks', icon: Webhook, detail: 'Organization' },
  { label: 'Your account', href: '/account', icon: UserRound },
  { label: 'Notifications', href: '/account/notifications', icon: Mail },
];

export interface PaletteSection {
  title: string;
  entries: PaletteEntry[];
  /** How many there are that match, where not all are known here. */
  total?: number | undefined;
}

interface PaletteQuery {
  /** What the open page offers. */
  acts: readonly PaletteAct[];
  search: string;
  onShowKeys: () => void;
}

/** What the palette finds: what can be done on the page that is open, and everywhere one can go. Projects and sites are searched by the server. */
export function usePaletteEntries({ acts, search, onShowKeys }: PaletteQuery): { sections: PaletteSection[]; isSearching: boolean } {
  const router = useRouter();
  const isRotate = ROTATE.test(search.trim());
  const asked = search.trim().replace(ROTATE, '');
  const text = useTyped(asked);
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
  const operatorReason = useRoleReason('operator');
  const goToAct = useGoToAct();
  const goTo = (href: string) => () => router.push(href);
  const sections: PaletteSection[] = [
    { title: 'On this page', entries: acts.map((act) => ({ ...act, id: `act ${act.label}`, words: act.label })) },
    {
      title: 'Rotate',
      total: isRotate ? count : undefined,
      entries: !isRotate
        ? []
        : projects.map(({ id, name, role_name: role, public_host: host }) => ({
            id: `rotate ${id}`,
            label: `Rotate ${name}`,
            detail: `${role} @ ${host}`,
            words: `Rotate ${name} ${role} ${host}`,
            icon: RotateCw,
            reason: staleReason || operatorReason,
            run: () => goToAct(`/projects/${id}/connections`, 'rotate'),
          })),
    },
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
        {
          id: 'import',
          label: 'Import connection URLs',
          words: 'Import connection URLs CSV JSON Lines file',
          icon: Upload,
          reason: staleReason || adminReason,
          run: goTo('/import'),
        },
        {
          id: 'new policy',
          label: 'Create a policy',
          words: 'Create a policy',
          icon: CalendarClock,
          reason: staleReason || adminReason,
          run: goTo('/policies/new'),
        },
      ],
    },
    {
      title: 'Actions',
      entries: [
        ...ACTS.map(({ path, act, isOpen, ...entry }) => ({
          ...entry,
          id: `${path} ${act}`,
          reason: staleReason || (!isOpen && adminReason),
          run: () => goToAct(path, act),
        })),
        { id: 'keys', label: 'Show the keys', words: 'Show the keys keyboard shortcuts help', icon: Keyboard, keys: '?', run: onShowKeys },
        { id: 'sign out', label: 'Sign out', words: 'Sign out log out', icon: LogOut, run: () => void signOut() },
      ],
    },
  ];
  return { sections, isSearching: text !== asked || (isSearch && (found.isFetching || foundSites.isFetching)) };
}
