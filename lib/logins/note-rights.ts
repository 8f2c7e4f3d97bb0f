import type { RightsWire } from '#lib/contract/project.ts';
import type { Inspection } from '#lib/engines/engine.ts';
import { failureText } from './failures.ts';
import { TERMS } from './terms/registry.ts';
import type { Note, Where } from './terms/terms.ts';

export const rotatorChanges = (rotatorName: string, roleName: string): Note => ({
  tone: 'ok',
  text: `Rotating works: ${rotatorName} may change the password of ${roleName}.`,
});

/** What a login may do, with a sentence for each thing that will and will not work. Stored with the database. */
export function noteRights(found: Inspection, where: Where): RightsWire {
  return {
    self_may_change: found.selfMayChange,
    rotator_may_change: found.rotatorMayChange,
    may_see_sessions: found.maySeeSessions,
    may_end_sessions: found.mayEndSessions,
    notes: [
      noteChange(found, where),
      noteSessions(found),
      ...TERMS[where.server.engine].noteLogin(found, where),
      ...noteExpiry(found),
      ...noteIdentity(found, where),
      ...noteProtection(found),
    ],
  };
}

function noteChange(found: Inspection, where: Where): Note {
  if (found.isReadOnly)
    return { tone: 'danger', text: 'Rotating will not work here: the server is read-only, or follows another one. Enter the address of the primary.' };
  const { changeFailure: code, changeSubject: subject = null } = found;
  // The login that makes the change is refused, and not for lack of a right.
  const { roleName, server } = where;
  if (code && code !== 'not_permitted')
    return {
      tone: 'danger',
      text: `Rotating will not work. ${failureText(code, { engine: server.engine, subject })} ${TERMS[server.engine].changeAdvice[code] ?? ''}`.trim(),
    };
  if (found.rotatorMayChange !== null) return noteRotator(found, where);
  return TERMS[server.engine].noteOwnChange(found, roleName);
}

/** Where there is a rotator it makes every change: what the role itself may do does not count. */
function noteRotator(found: Inspection, { roleName, rotatorName, server: { engine } }: Where): Note {
  if (found.rotatorMayChange) return rotatorChanges(rotatorName ?? '', roleName);
  if (found.rotatorFailure === 'password_refused')
    return { tone: 'danger', text: `Rotating will not work: the server rejects the rotator ${rotatorName}. Enter its current URL under Settings.` };
  if (found.rotatorFailure === 'server_key_changed')
    return {
      tone: 'danger',
      text: `Rotating will not work: the server of the rotator ${rotatorName} presents another key than the trusted one. If that is the server, enter the rotator’s URL again under Settings.`,
    };
  if (found.rotatorFailure)
    return { tone: 'danger', text: `Rotating will not work while the rotator ${rotatorName} cannot log in. ${failureText(found.rotatorFailure, { engine })}` };
  const needs = TERMS[engine].rotatorNeeds(found, { roleName, rotatorName: rotatorName ?? '' });
  return { tone: 'danger', text: `Rotating will not work: the rotator ${rotatorName} may not change this password. ${needs}` };
}

function noteSessions(found: Inspection): Note {
  if (found.maySeeSessions && found.mayEndSessions) return { tone: 'ok', text: 'Open sessions can be seen and ended.' };
  if (found.maySeeSessions) return { tone: 'warn', text: 'Open sessions can be seen, not ended.' };
  return { tone: 'warn', text: 'Open sessions cannot be seen here.' };
}

function noteProtection({ protection }: Inspection): Note[] {
  if (protection === null) return [];
  const { channel, method } = protection;
  if (method !== 'md5' || (channel !== 'plain' && channel !== 'unproven')) return [];
  return [
    {
      tone: 'warn',
      text: 'This login sends an MD5 hash to a server that has not proven its identity. Turn TLS on at the server, or store the password as SCRAM, and then turn the setting off under Settings.',
    },
  ];
}

function noteExpiry({ validUntil }: Inspection): Note[] {
  if (!validUntil) return [];
  return [{ tone: 'warn', text: `The role is valid until ${validUntil.toISOString()}; a rotation does not change that.` }];
}

function noteIdentity({ identity, protection }: Inspection, { roleName, hasTwin }: Where): Note[] {
  if (hasTwin)
    return [
      {
        tone: 'warn',
        text: `${roleName} is adopted a second time, under another address of this server. A rotation here ends the password stored there: use one address for both.`,
      },
    ];
  // A login that could not be held, as with an expired password, received no such facts.
  if (identity !== null || protection === null) return [];
  return [{ tone: 'warn', text: 'This server does not report its identity, so Rekey identifies it by its address. Adopt it under one name only.' }];
}
