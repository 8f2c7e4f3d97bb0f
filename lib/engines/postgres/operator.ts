import { escapeLiteral } from 'pg';
import { generatePassword } from '#lib/crypto/password.ts';
import { hasProvenItself } from '#lib/engines/channel.ts';
import { EngineError, type Login, type Operator, type Target } from '#lib/engines/engine.ts';
import { engineError } from '#lib/engines/failure.ts';
import { alterPassword, beginChange } from './change.ts';
import { type Connection, logIn } from './connect.ts';
import { endAll } from './end-all.ts';
import { dateOf, msOf, sessionOn } from './session.ts';

/** The next millisecond, since a Date holds no more: a session of the same millisecond as the change counts as older. */
const CLOCK = `SELECT pg_catalog.floor(${msOf('pg_catalog.clock_timestamp()')}) OPERATOR(pg_catalog.+) 1 AS now`;

/** Logs in to change a password; see Engine. */
export async function openOperator(target: Target, login: Login, attempt: string): Promise<Operator> {
  const connection = await logIn(target, 'direct', login, attempt);
  return {
    ...sessionOn(connection),
    changePassword: async ({ role, verifier, alsoValid = [], attempt: name, onTransaction }) => {
      if (alsoValid.length > 0) throw engineError('overlap_unsupported');
      const change = alterPassword(connection, role, verifier);
      if (!hasProvenItself(connection.protection)) await requireRejection(target, login.user, name);
      try {
        const { xid, hasFollowers } = await beginChange(connection, role, name);
        await onTransaction(xid);
        return { changedAt: await commitChange(connection, change), hasFollowers };
      } catch (error) {
        await connection.run('ROLLBACK').catch(() => {});
        throw error instanceof EngineError && error.code === 'lock_busy' && (await isWaitingForStandby(connection)) ? engineError('standby_missing') : error;
      }
    },
    endOrphans: (prefix) => endOrphans(connection, prefix),
  };
}

/** A server that has only asked for the password, as by MD5, has to reject a wrong one before it hears the verifier of the next. */
async function requireRejection(target: Target, user: string, attempt: string): Promise<void> {
  const connection = await logIn(target, 'direct', { user, password: generatePassword() }, attempt).catch((error: unknown) => {
    if (error instanceof EngineError && error.code === 'password_refused') return null;
    throw error;
  });
  if (!connection) return;
  await connection.close();
  throw engineError('server_unproven');
}

async function commitChange(connection: Connection, change: string): Promise<Date | null> {
  const [, commit, clock] = await connection.run(`${change}; COMMIT; ${CLOCK}`);
  if (commit?.command !== 'COMMIT') throw engineError('unexpected');
  return dateOf(clock?.rows[0]?.now);
}

/** Only sessions this login may end: anybody can give a session any application_name. Throws where one lives on, and may still commit. */
async function endOrphans(connection: Connection, prefix: string): Promise<number> {
  const { gone, left } = await endAll(
    connection,
    `pg_catalog.starts_with(application_name, ${escapeLiteral(prefix)}) AND pg_catalog.pg_has_role(session_user, usesysid, 'USAGE')`,
  );
  if (left > 0) throw engineError('lock_busy');
  return gone;
}

/** Whether what holds the role is an earlier change of ours, committed and waiting for a synchronous standby. */
const isWaitingForStandby = async (connection: Connection): Promise<boolean> =>
  (
    await connection
      .rows(
        `SELECT 1 FROM pg_catalog.pg_stat_activity WHERE usename OPERATOR(pg_catalog.=) session_user
           AND wait_event OPERATOR(pg_catalog.=) 'SyncRep' AND pg_catalog.starts_with(application_name, 'rekey:')`,
      )
      .catch(() => [])
  ).length > 0;
