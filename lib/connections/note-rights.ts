import { ENGINE_FAILURES, type EngineName, type Inspection } from '#lib/engines/engine.ts';
import type { RightsWire } from '#lib/http/wire/project.ts';
import { noteOwnChange, noteServer, rotatorNeeds } from './mysql-notes.ts';

type Note = RightsWire['notes'][number];
interface Where {
  roleName: string;
  server: { engine: EngineName; rotatorName: string | null; pooledPort: number | null };
}

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
      ...(where.server.engine === 'mysql' ? noteServer(found) : noteVerifier(found, where)),
      ...noteExpiry(found),
    ],
  };
}

function noteChange(found: Inspection, { roleName, server }: Where): Note {
  if (found.isReadOnly) return { tone: 'danger', text: 'The server is read-only, or follows another one. Rotating works on the primary only.' };
  if (found.rotatorMayChange !== null) return noteRotator(found, { roleName, server });
  if (server.engine === 'mysql') return noteOwnChange(found, roleName);
  if (found.selfMayChange) return { tone: 'ok', text: `Rotating works: ${roleName} may change its own password.` };
  return { tone: 'danger', text: `Rotating will not work: ${roleName} may not change its own password. Add a rotator login under Settings.` };
}

/** Where there is a rotator it makes every change: what the role itself may do does not count. */
function noteRotator(found: Inspection, { roleName, server: { engine, rotatorName } }: Where): Note {
  if (found.rotatorMayChange) return { tone: 'ok', text: `Rotating works: ${rotatorName} may change the password of ${roleName}.` };
  if (found.rotatorFailure === 'password_refused')
    return { tone: 'danger', text: `Rotating will not work: the server refuses the rotator ${rotatorName}. Give Rekey its present URL under Settings.` };
  if (found.rotatorFailure)
    return { tone: 'danger', text: `Rotating will not work while the rotator ${rotatorName} cannot log in. ${ENGINE_FAILURES[found.rotatorFailure]}` };
  if (engine === 'mysql')
    return {
      tone: 'danger',
      text: `Rotating will not work: the rotator ${rotatorName} may not change this password. ${rotatorNeeds(found, rotatorName ?? '')}`,
    };
  const [role, rotator] = [roleName, rotatorName ?? ''].map((name) => `"${name.replaceAll('"', '""')}"`);
  const grant = `GRANT ${role} TO ${rotator} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`;
  return {
    tone: 'danger',
    text: `Rotating will not work: the rotator ${rotatorName} may not change this password. It needs CREATEROLE, and from PostgreSQL 16 on: ${grant}.`,
  };
}

function noteSessions(found: Inspection): Note {
  if (found.maySeeSessions && found.mayEndSessions) return { tone: 'ok', text: 'Open sessions can be seen and ended.' };
  if (found.maySeeSessions) return { tone: 'warn', text: 'Open sessions can be seen, not ended.' };
  return { tone: 'warn', text: 'Open sessions cannot be seen here.' };
}

function noteVerifier(found: Inspection, { server }: Where): Note[] {
  if (found.verifier || server.pooledPort === null) return [];
  return [
    {
      tone: 'warn',
      text: 'The server does not store this password by SCRAM. A pooler that keeps it in a file (auth_file) would need a new entry if the first rotation is undone.',
    },
  ];
}

function noteExpiry({ validUntil }: Inspection): Note[] {
  if (!validUntil) return [];
  return [{ tone: 'warn', text: `The role is valid until ${validUntil.toISOString()}; a rotation does not move that.` }];
}
