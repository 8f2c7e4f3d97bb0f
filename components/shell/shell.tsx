'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CloudOff, Hourglass, Menu as MenuIcon, RotateCw, Search } from 'lucide-react';
import dynamic from 'next/dynamic';
import { usePathname, useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { LiveProvider, useLive } from '#components/session/live.tsx';
import { MeProvider } from '#components/session/me.tsx';
import { type PaletteAct, readPaletteActs } from '#components/session/palette-acts.ts';
import { SECOND_FACTOR, useNoWorker, useSecondFactor } from '#components/session/queries.ts';
import { Button, ButtonLink } from '#components/ui/button.tsx';
import { Drawer } from '#components/ui/drawer.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Span, Time } from '#components/ui/time.tsx';
import { usePaletteKey, useShortcut } from '#components/ui/use-shortcut.ts';
import type { MeWire } from '#lib/contract/account.ts';
import { apiSend, setAskPerson } from '#lib/contract/api-client.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import { SidebarContent } from './sidebar-content.tsx';
import { SignInAgain } from './sign-in-again.tsx';

/** Tells the signed-in person that somebody has their password and lacks the code, until they have seen it. */
function WrongCodesNotice() {
  const { data } = useSecondFactor();
  const client = useQueryClient();
  const forget = useMutation({
    mutationFn: () => apiSend('DELETE', '/me/second-factor/wrong-codes'),
    onSuccess: () => client.invalidateQueries({ queryKey: SECOND_FACTOR }),
  });
  const wrong = data?.wrong_codes;
  if (!wrong) return null;
  return (
    <Notice
      tone="warn"
      role="status"
      className="mb-5"
      title={wrong.count === 1 ? 'Your password was entered with a wrong code.' : `Your password was entered with a wrong code ${wrong.count} times.`}
      action={
        <div className="flex flex-wrap gap-2">
          <Button size="small" busy={forget.isPending && 'Saving'} onClick={() => forget.mutate()}>
            It was me
          </Button>
          <ButtonLink size="small" href="/account">
            Change password
          </ButtonLink>
        </div>
      }
    >
      Last time: <Time at={wrong.last_at} />
      {wrong.last_address && `, from ${wrong.last_address}`}. If it was not you, someone knows your password: change it.
      {forget.error && ` ${forget.error.message}`}
    </Notice>
  );
}

/** Above a page that may no longer be true. */
function StaleNotice() {
  const { state, asOf, reconnect } = useLive();
  if (state !== 'stale' || !asOf) return null;
  return (
    <Notice
      tone="warn"
      icon={CloudOff}
      role="status"
      className="mb-5"
      title={
        <>
          Last known state, from <Time at={asOf} plain />.
        </>
      }
      action={
        <Button size="small" icon={RotateCw} onClick={reconnect}>
          Reconnect
        </Button>
      }
    >
      {/* The span moves each second: not for readers. */}
      <span aria-hidden="true">
        Rekey has not answered for <Span since={asOf} />.{' '}
      </span>
      Rotating is off until the connection is back.
    </Notice>
  );
}

// Loaded when a request is refused for a stale session.
const PasswordDialog = dynamic(() => import('./password-dialog.tsx').then((module) => module.PasswordDialog));

/** Asks for the password wherever a request was refused for a stale session; the request then goes on by itself. */
function ConfirmDialog() {
  const [answer, setAnswer] = useState<((isConfirmed: boolean) => void) | null>(null);
  useEffect(() => {
    setAskPerson(
      'password',
      () =>
        new Promise((resolve) => {
          setAnswer(() => (isConfirmed: boolean) => {
            setAnswer(null);
            resolve(isConfirmed);
          });
        }),
    );
    return () => setAskPerson('password', null);
  }, []);
  return answer && <PasswordDialog onAnswer={answer} />;
}

/** Whether the page moves by itself, at the right end of the top bar. */
function LiveIndicator() {
  const { state } = useLive();
  if (state === 'stale') {
    return (
      <span className="flex items-center gap-2 text-xs font-medium text-warn-ink">
        <Icon as={CloudOff} />
        Not live
      </span>
    );
  }
  return (
    <span className="hidden items-center gap-2 text-xs text-ink-3 sm:flex">
      <span className={`size-1.5 rounded-full ${state === 'live' ? 'bg-ok' : 'bg-control'}`} />
      {state === 'live' ? 'Live' : 'Reloaded every 5 s'}
    </span>
  );
}

/** Above every page while nobody is there to do the work. */
function NoWorkerNotice() {
  if (!useNoWorker()) return null;
  return (
    <Notice tone="warn" icon={Hourglass} role="status" className="mb-5" title="No worker is running.">
      Rotations, checks, syncs, deployments and webhooks wait; until then nothing is sent. Start one with <code>npm run worker</code>, or restart{' '}
      <code>npm start</code>.
    </Notice>
  );
}

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
