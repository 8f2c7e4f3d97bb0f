import type { RightsWire } from '#lib/contract/project.ts';
import type { Inspection } from '#lib/engines/engine.ts';

type Note = RightsWire['notes'][number];

export const isMariadb = ({ serverVersion }: Inspection): boolean => serverVersion.endsWith('-MariaDB');

/** What a role without a rotator can do on MariaDB and MySQL. */
export function noteOwnChange(found: Inspection, roleName: string): Note {
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
export function rotatorNeeds(found: Inspection, rotator: string): string {
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
export function noteServer(found: Inspection): Note[] {
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
