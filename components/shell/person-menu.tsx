'use client';

import { Keyboard, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useCallback, useSyncExternalStore } from 'react';
import { useMe } from '#components/session/me.tsx';
import { signOut } from '#components/sign-in/session-requests.ts';
import { Menu, MenuChoice, MenuItem, MenuLine } from '#components/ui/menu.tsx';
import { THEME_KEY } from './theme-script.ts';

type Theme = 'system' | 'light' | 'dark';

const CHANGED = 'rekey:theme';

function read(): Theme {
  const pinned = document.documentElement.dataset.theme;
  return pinned === 'light' || pinned === 'dark' ? pinned : 'system';
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  return () => window.removeEventListener(CHANGED, onChange);
}

/** The theme that is pinned, `system` where none is; kept in this browser. */
function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, read, () => 'system' as const);
  const setTheme = useCallback((next: Theme) => {
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      if (next === 'system') localStorage.removeItem(THEME_KEY);
      else localStorage.setItem(THEME_KEY, next);
    } catch {
      // A browser that keeps nothing: the theme holds until the page is left.
    }
    window.dispatchEvent(new Event(CHANGED));
  }, []);
  return [theme, setTheme];
}

const THEMES = [
  { value: 'system', label: 'As the system', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
] as const;

/** Who is signed in, and what is theirs: theme, keys, sign out. */
export function PersonMenu({ onShowKeys }: { onShowKeys: () => void }) {
  const { principal } = useMe();
  const router = useRouter();
  const [theme, setTheme] = useTheme();
  const name = principal.email ?? '';
  return (
    <Menu
      align="start"
      side="top"
      trigger={
        <button type="button" className="flex w-full items-center gap-2 rounded-md px-1.5 py-1.5 text-left hover:bg-hover max-md:min-h-11">
          <span className="grid size-6 shrink-0 place-items-center rounded-full bg-hover text-xs font-semibold text-ink-2 uppercase" aria-hidden="true">
            {name.slice(0, 1)}
          </span>
          <span className="min-w-0 flex-1 truncate text-xs font-medium">{name}</span>
          <span className="text-xs text-ink-3 capitalize">{principal.role}</span>
        </button>
      }
    >
      <MenuChoice label="Theme" value={theme} onChange={setTheme} options={THEMES} />
      <MenuLine />
      <MenuItem icon={UserRound} onSelect={() => router.push('/account')}>
        Your account
      </MenuItem>
      <MenuItem icon={Keyboard} shortcut="?" onSelect={onShowKeys}>
        Keys
      </MenuItem>
      <MenuItem icon={LogOut} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
