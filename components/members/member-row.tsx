'use client';

import { Ellipsis, ShieldAlert, ShieldCheck, SlidersHorizontal, UserMinus } from 'lucide-react';
import { useProjectNames } from '#components/data/projects.ts';
import { useMe } from '#components/session/me.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Select } from '#components/ui/input.tsx';
import { Menu, MenuItem } from '#components/ui/menu.tsx';
import { Time, useNow } from '#components/ui/time.tsx';
import { countWords } from '#components/ui/words.ts';
import type { MemberWire } from '#lib/contract/member.ts';
import { listNames, ROLE_NAMES, ROLES, type Role } from './member-words.ts';

/** Who was seen this recently is here now. */
const HERE_MS = 120_000;

interface MemberRowProps {
  member: MemberWire;
  /** Of how many logins. */
  credentials: number;
  mayRead: boolean;
  /** Why nothing can be changed now. */
  reason: string | false;
  onChange: (role: Role) => void;
  onRemove: () => void;
}

/** Who somebody is, what they may do and how far, and what they have seen. */
export function MemberRow({ member, credentials, mayRead, reason, onChange, onRemove }: MemberRowProps) {
  const { principal } = useMe();
  const { email, role, seen } = member;
  const isOff = Boolean(reason) || (role === 'owner' && principal.role !== 'owner');
  return (
    <li className="grid grid-cols-[1.75rem_minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2.5 md:grid-cols-[1.75rem_minmax(0,1fr)_7.5rem_9rem_8.5rem_auto]">
      <span className="grid size-7 place-items-center rounded-full bg-hover text-xs font-semibold text-ink-2 uppercase" aria-hidden="true">
        {email.slice(0, 1)}
      </span>
      <div className="min-w-0">
        <p className="truncate font-medium">
          {email} {principal.user_id === member.user_id && <span className="font-normal text-ink-3">you</span>}
        </p>
        <p className="truncate text-xs text-ink-3">
          <span className="md:hidden">{ROLE_NAMES[role]} · </span>
          <LastSeen member={member} />
          <Reach member={member} />
        </p>
      </div>
      <Select
        className="!h-7 !border-line-strong text-xs max-md:hidden"
        aria-label={`Role of ${email}`}
        value={role}
        disabled={isOff}
        onChange={(event) => onChange(event.target.value as Role)}
      >
        {ROLES.map((one) => (
          <option key={one} value={one} disabled={one === 'owner' && principal.role !== 'owner'}>
            {ROLE_NAMES[one]}
          </option>
        ))}
      </Select>
      <span className="hidden text-xs md:block">
        <span className="state" data-tone={member.has_second_factor ? 'ok' : 'warn'}>
          <Icon as={member.has_second_factor ? ShieldCheck : ShieldAlert} />
          {member.has_second_factor ? 'Second factor' : 'Password only'}
        </span>
      </span>
      <span className="hidden text-xs text-ink-2 md:block">{mayRead || seen > 0 ? `saw ${seen} of ${credentials}` : 'may not read'}</span>
      <Menu trigger={<IconButton label={`More for ${email}`} icon={Ellipsis} />}>
        <MenuItem icon={SlidersHorizontal} disabled={isOff} onSelect={() => onChange(role)}>
          Change role or projects
        </MenuItem>
        <MenuItem icon={UserMinus} tone="danger" disabled={isOff} onSelect={onRemove}>
          Remove
        </MenuItem>
      </Menu>
    </li>
  );
}

function LastSeen({ member: { last_seen_at: at, last_seen_address: address } }: { member: MemberWire }) {
  const now = useNow();
  if (at === null) return 'not signed in yet';
  const isHere = now !== null && now.getTime() - new Date(at).getTime() < HERE_MS;
  if (!isHere) return <Time at={at} style="day" />;
  return `here now${address ? `, from ${address}` : ''}`;
}

function Reach({ member: { project_ids: ids } }: { member: MemberWire }) {
  const names = [...useProjectNames(ids ?? []).values()];
  if (ids === null) return null;
  return ` · only ${names.length === ids.length && names.length > 0 ? listNames(names, 3) : countWords(ids.length, 'project')}`;
}
