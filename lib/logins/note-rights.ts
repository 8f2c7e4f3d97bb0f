import type { RightsWire } from '#lib/contract/project.ts';
import type { EngineFailure, EngineName, Inspection } from '#lib/engines/engine.ts';
import { failureText } from './failures.ts';
import { noteOwnChange, noteServer, rotatorNeeds } from './mysql-notes.ts';

type Note = RightsWire['notes'][number];
interface Where {
  roleName: string;
  pooledPort: number | null;
  rotatorName: string | null;
  /** The same login is known under another name of its server. */
  hasTwin: boolean;
  server: { engine: EngineName };
  /** Whether a person chose to have its passwords sent as they are. */
  sendsPlaintext: boolean;
  /** Whether a password that Rekey made has logged in through the pooler. */
  isPoolerProven: boolean;
}

/** What most drivers accept: node-postgres refuses more unless `scramMaxIterations` is raised. */
const COMMON_ITERATIONS = 100_000;

const CHANGE_ADVICE: Partial<Record<EngineFailure, string>> = {
  verifier_refused:
    'If that is credcheck, set credcheck.encrypted_password_allowed = on for the login that makes the change. Otherwise allow plaintext for this login (sends_plaintext).',
};

const POOLER_UNTRIED =
  'Only a rotation shows whether the pooler learns of a new password by itself (auth_query). If it rejects the new one, Rekey restores the old one.';
const storedAsMd5 = (clients: string): string =>
  `The server stores this password as MD5. The first rotation stores it as SCRAM-SHA-256: ${clients} that know only MD5 cannot log in after that. An undone rotation restores the same MD5 hash.`;

export const changesItself = (roleName: string): Note => ({ tone: 'ok', text: `Rotating works: ${roleName} may change its own password.` });
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
      ...(where.server.engine === 'mysql' ? noteServer(found) : noteVerifier(found, where)),
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
      text: `Rotating will not work. ${failureText(code, { engine: server.engine, subject })} ${(server.engine === 'postgresql' && CHANGE_ADVICE[code]) || ''}`.trim(),
    };
  if (found.rotatorMayChange !== null) return noteRotator(found, where);
  if (server.engine === 'mysql') return noteOwnChange(found, roleName);
  if (found.selfMayChange) return changesItself(roleName);
  return { tone: 'danger', text: `Rotating will not work: ${roleName} may not change its own password. Add a rotator login under Settings.` };
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

function noteVerifier({ verifier, iterations }: Inspection, { pooledPort, isPoolerProven, sendsPlaintext }: Where): Note[] {
  const notes: Note[] = [];
  if (sendsPlaintext)
    notes.push({
      tone: 'warn',
      text: 'New passwords of this login are sent to the server in plain text, by choice. They can appear in its log (log_statement, log_min_duration_statement, and on errors), in pg_stat_statements, and for a moment in pg_stat_activity.',
    });
  if (pooledPort !== null && !isPoolerProven)
    notes.push({
      tone: 'warn',
      text: POOLER_UNTRIED,
    });
  if (verifier?.startsWith('md5'))
    notes.push({
      tone: 'warn',
      text: storedAsMd5(pooledPort === null ? 'clients' : 'clients and poolers'),
    });
  if (iterations > COMMON_ITERATIONS)
    notes.push({
      tone: 'warn',
      text: `New passwords get ${iterations.toLocaleString('en-US')} SCRAM iterations (scram_iterations). Some drivers accept fewer: node-postgres stops at 100,000 unless scramMaxIterations is raised.`,
    });
  return notes;
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
