import type { RadioCard } from '#components/ui/radio-cards.tsx';
import { countWords } from '#components/ui/words.ts';
import type { DepartureWire, MemberWire } from '#lib/contract/member.ts';

export type Role = MemberWire['role'];
/** By rank. */
export const ROLE_NAMES: Record<Role, string> = { owner: 'Owner', admin: 'Admin', operator: 'Operator', viewer: 'Viewer' };
export const ROLES = Object.keys(ROLE_NAMES) as Role[];

const ROLE_WORDS: Record<Role, string> = {
  owner: 'everything, including owners',
  admin: 'reads passwords, rotates, connects, invites',
  operator: 'rotates, and never sees a password',
  viewer: 'sees state and the audit log',
};

/** The roles to choose from; an owner's only for owners. */
export const roleCards = (isOwner: boolean): RadioCard<Role>[] =>
  ROLES.map((role) => ({ value: role, title: ROLE_NAMES[role], text: ROLE_WORDS[role], disabled: role === 'owner' && !isOwner }));

/** Names in a sentence; of many the first ones. */
export function listNames(names: string[], most = 4): string {
  const shown = names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : names;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** Whether something is taken from a member: then their sessions and keys end. */
export function takesAway(before: Pick<MemberWire, 'role' | 'project_ids'>, after: Pick<MemberWire, 'role' | 'project_ids'>): boolean {
  const isLower = ROLES.indexOf(after.role) > ROLES.indexOf(before.role);
  const { project_ids: now } = after;
  return isLower || (now !== null && (before.project_ids === null || before.project_ids.some((id) => !now.includes(id))));
}

const FAILURES: Record<string, string> = {
  project_not_ready: 'its login is not proven',
  grace_not_available: 'its server cannot keep two passwords until the next deployment: reset it on its site',
  not_found: 'Rekey no longer stores it',
};

/** What became of what a removed member had seen, in sentences. */
export function departureWords({ credentials, total }: DepartureWire): string {
  const named = (...states: DepartureWire['credentials'][number]['state'][]) =>
    credentials.filter(({ state }) => states.includes(state)).map(({ project_name: project, role_name: role }) => project ?? role);
  const verb = (names: string[]) => (names.length === 1 ? 'is' : 'are');
  const tell = (names: string[], end: string) => (names.length > 0 ? [`${listNames(names)} ${verb(names)} ${end}`] : []);
  const rotated = named('rotated');
  if (rotated.length === total)
    return total === 1 ? `The password they had seen is rotated: ${listNames(rotated)}.` : `All ${total} passwords they had seen are rotated.`;
  const why = [...new Set(credentials.flatMap(({ error_code: code }) => (code === null ? [] : [FAILURES[code]])))].filter((text) => text !== undefined);
  const parts = [
    ...tell(rotated, 'rotated'),
    ...tell(named('rotating', 'waiting'), 'being rotated'),
    ...tell(named('awaits_deployment'), 'rotated with the next deployment'),
    ...tell(named('failed'), `not rotated${why.length > 0 ? ` (${why.join('; ')})` : '; the attempt failed'}`),
    ...tell(named('open'), 'not rotated'),
  ];
  return `Of the ${countWords(total, 'password')} they had seen, ${parts.join('; ')}.`;
}
