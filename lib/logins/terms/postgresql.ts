import type { Inspection } from '#lib/engines/engine.ts';
import { changesItself, type Note, type Terms, type Where } from './terms.ts';

/** What most drivers accept: node-postgres refuses more unless `scramMaxIterations` is raised. */
const COMMON_ITERATIONS = 100_000;

const POOLER_UNTRIED =
  'Only a rotation shows whether the pooler learns of a new password by itself (auth_query). If it rejects the new one, Rekey restores the old one.';
const storedAsMd5 = (clients: string): string =>
  `The server stores this password as MD5. The first rotation stores it as SCRAM-SHA-256: ${clients} that know only MD5 cannot log in after that. An undone rotation restores the same MD5 hash.`;

const CHANGE_ADVICE: Terms['changeAdvice'] = {
  verifier_refused:
    'If that is credcheck, set credcheck.encrypted_password_allowed = on for the login that makes the change. Otherwise allow plaintext for this login (sends_plaintext).',
};

const noteOwnChange = ({ selfMayChange }: Inspection, roleName: string): Note =>
  selfMayChange
    ? changesItself(roleName)
    : { tone: 'danger', text: `Rotating will not work: ${roleName} may not change its own password. Add a rotator login under Settings.` };

function rotatorNeeds(_found: Inspection, names: { roleName: string; rotatorName: string }): string {
  const [role, rotator] = [names.roleName, names.rotatorName].map((name) => `"${name.replaceAll('"', '""')}"`);
  return `It needs CREATEROLE, and from PostgreSQL 16 on: GRANT ${role} TO ${rotator} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE.`;
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

export const postgresql: Terms = { failures: {}, otherwiseRejected: '', changeAdvice: CHANGE_ADVICE, noteOwnChange, rotatorNeeds, noteLogin: noteVerifier };
