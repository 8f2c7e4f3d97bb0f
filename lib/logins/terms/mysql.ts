import type { Inspection } from '#lib/engines/engine.ts';
import type { Note, Terms } from './terms.ts';

/** Texts where a failure has other causes, or another fix, on MariaDB and MySQL than on PostgreSQL. */
const FAILURES: Terms['failures'] = {
  server_full: 'The server accepts no more connections, or none of this account (max_connections, MAX_USER_CONNECTIONS).',
  database_missing: 'There is no such database on the server, or the account has no rights on it.',
  role_missing: 'There is no such account on the server.',
  login_not_allowed: 'The server accepts no connections from the address of this worker: no account of this user is for that host.',
  pooler_failed: 'The proxy could not reach or log in to the server.',
  session_refused: 'The server accepted the password and then ended the session: its init_connect fails for this account.',
  auth_method_unsupported: 'The account logs in by a plugin that Rekey does not use. Switch it to mysql_native_password (on MySQL also caching_sha2_password).',
  current_password_refused:
    'The server rejected the stored password: it was changed elsewhere, Rekey’s store was restored from an older backup, the account is gone, or it demands TLS or a client certificate (REQUIRE). Enter the current URL under Settings.',
  rotator_refused:
    'The server rejected the rotator login: its password was changed, or the account demands TLS or a client certificate (REQUIRE). Enter its current URL under Settings.',
  pooler_refused_current:
    'The proxy rejected the stored password. Fix the proxy’s own copy of it (ProxySQL: mysql_users), or remove the pooled URL under Settings.',
  pooler_refused_new:
    'The proxy rejected the new password: it keeps its own copy (ProxySQL: the table mysql_users). Let it copy the hash from the server (proxysql-admin --syncusers, MaxScale: users_refresh_time), or remove the pooled URL under Settings, rotate with grace_hours, and update the proxy meanwhile.',
  pooler_unverifiable:
    'The proxy accepts any password, so no rotation can be verified through it. Let it check passwords, or remove the pooled URL under Settings.',
  pooler_rejection_unclear:
    'The proxy accepts the right password but gives no clear answer to a wrong one, so Rekey could not verify that the old password has ended.',
  rejection_slow: 'The server accepts the right password at once but takes longer than 6 seconds to reject a wrong one.',
  verifier_refused:
    'The server accepts no password hash: it validates passwords in strict mode. Switch strict_password_validation off; Rekey sends hashes only.',
  server_unproven:
    'The server accepted the password without showing that it knows it, so nothing proves that it is the right server. No change was sent. Turn TLS on, or find out what intercepts the connection between Rekey and the server.',
  target_unverifiable: 'This server accepts any password (skip_grant_tables), so no rotation can be verified. Start it with its grant tables.',
};

const isMariadb = ({ serverVersion }: Inspection): boolean => serverVersion.endsWith('-MariaDB');

/** What a role without a rotator can do on MariaDB and MySQL. */
function noteOwnChange(found: Inspection, roleName: string): Note {
  if (!isMariadb(found))
    return {
      tone: 'danger',
      text: `Rotating will not work: MySQL accepts ${roleName}'s own password only in clear text, which Rekey does not send. Add a rotator login under Settings.`,
    };
  if (found.selfMayChange)
    return {
      tone: 'ok',
      text: `Rotating works: ${roleName} may change its own password, for the account that Rekey logs in with. If ${roleName} has accounts on other hosts, add a rotator: it changes all of them.`,
    };
  return {
    tone: 'danger',
    text: `Rotating will not work: ${roleName} may not change its own password, or has two of them. Add a rotator login under Settings.`,
  };
}

/** What a rotator lacks. */
function rotatorNeeds(found: Inspection, rotator: string): string {
  const table = isMariadb(found) ? 'mysql.global_priv' : 'mysql.user';
  return `It needs GRANT CREATE USER ON *.* TO ${rotator} and GRANT SELECT ON ${table} TO ${rotator}, and every account of the role must use a native password.`;
}

/** Clients that go on with an old password block the account for those that have the new one. */
const noteLimit = (limit: number, hasRotator: boolean): Note => ({
  tone: 'warn',
  text: `This server blocks an account after ${limit} failed ${limit === 1 ? 'login' : 'logins'} in a row (max_password_errors), for the right password too. A client that keeps trying the old one can cause that: ${hasRotator ? 'rotate with grace_hours, so that the old password works until every client has the new one.' : 'add a rotator login, which keeps the old password valid meanwhile and can unblock the account.'}`,
});

/** The application and Rekey draw on the same number. */
const noteHourly = ({ logins, statements }: NonNullable<Inspection['hourlyLimits']>): Note[] => {
  const limits = [...(logins > 0 ? [`${logins} logins`] : []), ...(statements > 0 ? [`${statements} statements`] : [])];
  if (limits.length === 0) return [];
  return [
    {
      tone: 'warn',
      text: `This account may make ${limits.join(' and ')} an hour, which the application shares with Rekey: a rotation takes up to 20 logins and 100 statements.`,
    },
  ];
};

/** What holds of every login on these servers. */
function noteServer(found: Inspection): Note[] {
  const overlap: Note = found.rotatorMayChange
    ? { tone: 'ok', text: 'Two passwords can be valid at once.' }
    : { tone: 'warn', text: 'Two passwords cannot be valid at once here: that needs a rotator login.' };
  const limit: Note[] = found.failedLoginLimit ? [noteLimit(found.failedLoginLimit, found.rotatorMayChange === true)] : [];
  const hourly = found.hourlyLimits ? noteHourly(found.hourlyLimits) : [];
  if (isMariadb(found)) return [overlap, ...limit, ...hourly];
  return [
    overlap,
    ...limit,
    ...hourly,
    { tone: 'warn', text: 'Rekey’s support for MySQL follows its manual and has not been tested on a live server. Try it on a copy first.' },
  ];
}

/** MySQL and MariaDB. */
export const mysql: Terms = {
  failures: FAILURES,
  otherwiseRejected: ' The account may also demand TLS or a client certificate (REQUIRE).',
  changeAdvice: {},
  noteOwnChange,
  rotatorNeeds: (found, { rotatorName }) => rotatorNeeds(found, rotatorName),
  noteLogin: noteServer,
};
