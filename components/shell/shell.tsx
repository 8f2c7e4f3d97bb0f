'use client';

import { Menu as MenuIcon, Search } from 'lucide-react';
import dynamic from 'next/dynamic';
import { usePathname, useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { LiveProvider, useLive } from '#components/session/live.tsx';
import { MeProvider } from '#components/session/me.tsx';
import { type PaletteAct, readPaletteActs } from '#components/session/palette-acts.ts';
import { Drawer } from '#components/ui/drawer.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { usePaletteKey, useShortcut } from '#components/ui/use-shortcut.ts';
import type { MeWire } from '#lib/contract/account.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { LiveIndicator } from './live-indicator.tsx';
import { NoWorkerNotice } from './no-worker-notice.tsx';
import { SidebarContent } from './sidebar-content.tsx';
import { SignInAgain } from './sign-in-again.tsx';
import { StaleNotice } from './stale-notice.tsx';
import { WrongCodesNotice } from './wrong-codes-notice.tsx';

// Loaded when they are opened first.
const Palette = dynamic(() => import('./palette.tsx').then((module) => module.Palette));
const ShortcutsDialog = dynamic(() => import('./shortcuts-dialog.tsx').then((module) => module.ShortcutsDialog));

/** The frame of every page behind the sign-in: sidebar, top bar, and the page between them. */
export function Shell({ me, children }: { me: MeWire; children: ReactNode }) {
  return (
    <MeProvider me={me}>
      <LiveProvider>
        <Frame>{children}</Frame>
        <ConfirmDialog />
        <SignInAgain />
      </LiveProvider>
    </MeProvider>
  );
}

function Frame({ children }: { children: ReactNode }) {
  const [keysShown, setKeysShown] = useState(false);
  const [acts, setActs] = useState<PaletteAct[] | null>(null);
  const router = useRouter();
  useShortcut('g>o', () => router.push('/'));
  useShortcut('g>l', () => router.push('/audit'));
  useShortcut('?', () => setKeysShown(true));
  const openPalette = () => setActs(readPaletteActs());
  // Not with the page, but before anybody types into it.
  useEffect(() => void import('./palette.tsx'), []);
  usePaletteKey(openPalette);
  const isStale = useLive().state === 'stale';
  const showKeys = () => setKeysShown(true);
  return (
    <>
      <a className="sr-only z-50 rounded-md bg-raised px-3 py-2 font-medium shadow-pop focus:not-sr-only focus:fixed focus:top-2 focus:left-2" href="#main">
        Skip to content
      </a>
      <div className="shell">
        <aside className="sidebar">
          <SidebarContent onShowKeys={showKeys} onSearch={openPalette} />
        </aside>
        <div className="min-w-0">
          <header className="topbar">
            <NavigationDrawer onShowKeys={showKeys} onSearch={openPalette} />
            <Breadcrumb />
            <LiveIndicator />
            <IconButton label="Search or jump to" icon={Search} size="normal" className="md:hidden" aria-haspopup="dialog" onClick={openPalette} />
          </header>
          <main id="main" className="page" tabIndex={-1}>
            <StaleNotice />
            <NoWorkerNotice />
            <WrongCodesNotice />
            <div data-stale={isStale || undefined}>{children}</div>
          </main>
        </div>
      </div>
      {acts && <Palette acts={acts} onClose={() => setActs(null)} onShowKeys={showKeys} />}
      {keysShown && <ShortcutsDialog open={keysShown} onOpenChange={setKeysShown} />}
    </>
  );
}

function NavigationDrawer({ onShowKeys, onSearch }: { onShowKeys: () => void; onSearch: () => void }) {
  const [open, setOpen] = useState(false);
  const path = usePathname();
  // Following a link closes it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is the trigger
  useEffect(() => setOpen(false), [path]);
  const leaveTo = (next: () => void) => () => {
    setOpen(false);
    next();
  };
  return (
    <>
      <IconButton label="Open navigation" icon={MenuIcon} size="normal" className="md:hidden" onClick={() => setOpen(true)} />
      <Drawer open={open} onOpenChange={setOpen} side="left" bare title="Navigation">
        <div className="flex h-full flex-col p-2.5">
          <SidebarContent onShowKeys={leaveTo(onShowKeys)} onSearch={leaveTo(onSearch)} />
        </div>
      </Drawer>
    </>
  );
}
