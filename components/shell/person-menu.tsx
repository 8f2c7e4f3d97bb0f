'use client';

import { Keyboard, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMe } from '#components/session/me.tsx';
import { signOut } from '#components/sign-in/session-requests.ts';
import { Menu, MenuChoice, MenuItem, MenuLine } from '#components/ui/menu.tsx';
import { useTheme } from './use-theme.ts';

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
