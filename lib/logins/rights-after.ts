import type { RightsWire } from '#lib/contract/project.ts';
import type { RotationFailure } from './failure-codes.ts';
import { rotatorChanges } from './note-rights.ts';
import { changesItself } from './terms/terms.ts';

/** How the notes begin that a rotation settles: that the pooler is untried, and that the password is stored as MD5. */
const POOLER_UNTRIED = 'Only a rotation shows whether the pooler';
const STORED_AS_MD5 = 'The server stores this password';

interface Rotated {
  roleName: string;
  /** Who changed the password; null: the role itself. */
  rotatorName: string | null;
  sendsPlaintext: boolean;
}

/** What a login may do, once a rotation has completed: what it has proven wrong or settled goes, the rest stays as the last check found it. */
export function rightsAfterRotation(known: RightsWire, { roleName, rotatorName, sendsPlaintext }: Rotated): RightsWire {
  const [change, ...others] = known.notes;
  const works = rotatorName === null ? changesItself(roleName) : rotatorChanges(rotatorName, roleName);
  const isSettled = ({ text }: RightsWire['notes'][number]): boolean => text.startsWith(POOLER_UNTRIED) || (text.startsWith(STORED_AS_MD5) && !sendsPlaintext);
  return {
    ...known,
    ...(rotatorName === null ? { self_may_change: true } : { rotator_may_change: true }),
    // The first note is about the change itself. One that is no obstacle may say more than this.
    notes: [change?.tone === 'ok' ? change : works, ...others.filter((note) => !isSettled(note))],
  };
}

/** Failures that the next rotation meets too, until somebody changes a right, a setting or a login. */
const OBSTACLES: ReadonlySet<RotationFailure> = new Set([
  'not_permitted',
  'rotator_refused',
  'read_only',
  'verifier_refused',
  'plugin_unsupported',
  'accounts_differ',
  'account_not_loaded',
  'account_locked',
  'own_change_unsafe',
  'replicas_need_rotator',
]);

/** What a login may do, once a rotation has failed: an obstacle is said until a check or a rotation finds it gone. */
export function rightsAfterFailure(known: RightsWire, code: RotationFailure, text: string): RightsWire {
  if (!OBSTACLES.has(code)) return known;
  return {
    ...known,
    ...(code === 'not_permitted' && (known.rotator_may_change === null ? { self_may_change: false } : { rotator_may_change: false })),
    notes: [{ tone: 'danger', text: `Rotating will not work. ${text}` }, ...known.notes.slice(1)],
  };
}
