import { createHash } from 'node:crypto';
import { isCachingSha2Hash, isNativeHash } from '#lib/crypto/mysql-hash.ts';
import { type ChangeRequest, EngineError, type Login, type Operator, type Target } from '#lib/engines/engine.ts';
import { engineError } from '#lib/engines/failure.ts';
import { type Connection, logIn, quote } from './connect.ts';
import { type Account, dialectOf } from './dialect.ts';
import { endAll } from './end-all.ts';
import { readOwn } from './read-own.ts';
import { CLOCK, readSettings, sessionOn } from './session.ts';

/** Seconds that one change waits for another one of the same role. */
const LOCK_WAIT_SECONDS = 3;
/** Seconds after which the server hangs up on a change that goes on with nothing: its locks fall. */
const IDLE_SECONDS = 10;

/** Names of locks have a limit of 64 signs. */
const lockOn = (...what: string[]): string => quote(`rekey:${createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 40)}`);
const lockOnRole = (role: string): string => lockOn('role', role);
/** Held by a login while it changes a password in the name of one rotation: whoever holds it may still send something. */
const lockOnAttempt = (user: string, attempt: string): string => lockOn('attempt', user, attempt.slice(0, attempt.lastIndexOf(':') + 1));

/** Logs in to change a password; see Engine. */
export async function openOperator(target: Target, login: Login): Promise<Operator> {
  const connection = await logIn(target, 'direct', login);
  return {
    ...sessionOn(connection),
    changePassword: (request) => changePassword(connection, request),
    endOrphans: (prefix) => endOrphan(connection, lockOnAttempt(connection.user, prefix)),
    // Statements on accounts have no transaction that could be asked after.
    transactionStatus: async () => 'unknown',
  };
}

async function changePassword(connection: Connection, request: ChangeRequest): Promise<{ changedAt: Date }> {
  const { role, verifier, alsoValid = [], attempt } = request;
  if (![verifier, ...alsoValid].every((one) => isNativeHash(one) || isCachingSha2Hash(one))) throw engineError('verifier_malformed');
  if ((await readSettings(connection)).isReadOnly) throw engineError('read_only');
  const locks = [lockOnRole(role), lockOnAttempt(connection.user, attempt)];
  await connection.run(`SET SESSION wait_timeout = ${IDLE_SECONDS}`, ...dialectOf(connection).fences);
  const [held] = await connection.rows<Record<string, number>>(
    `SELECT ${locks.map((lock, i) => `GET_LOCK(${lock}, ${i ? 0 : LOCK_WAIT_SECONDS}) AS l${i}`).join(', ')}`,
  );
  try {
    if (!held || Object.values(held).some((isHeld) => isHeld !== 1)) throw engineError('lock_busy');
    const accounts = await readAccounts(connection, role);
    if (accounts) await changeAll(connection, accounts, request);
    else await changeOwn(connection, request);
    const [clock] = await connection.rows<{ now: string }>(CLOCK);
    return { changedAt: new Date(Number(clock?.now) * 1000) };
  } finally {
    // The other way round: whoever waits for the first takes the second at once.
    await connection.run(...locks.toReversed().map((lock) => `DO RELEASE_LOCK(${lock})`), 'SET SESSION wait_timeout = DEFAULT').catch(() => {});
  }
}

/** All accounts of the role; null where the login may not see them. */
export async function readAccounts(connection: Connection, role: string): Promise<Account[] | null> {
  const { listAccounts, readAccount } = dialectOf(connection);
  try {
    return (await connection.rows<Record<string, unknown>>(listAccounts(role))).map(readAccount);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not_permitted') return null;
    throw error;
  }
}

async function changeAll(connection: Connection, accounts: Account[], { role, verifier, alsoValid = [], known, onTransaction }: ChangeRequest): Promise<void> {
  const { plugins, changeAccounts } = dialectOf(connection);
  if (accounts.length === 0) throw engineError('role_missing');
  if (accounts.some(({ plugin }) => !plugins.includes(plugin ?? ''))) throw engineError('plugin_unsupported');
  if (known && accounts.some((account) => account.verifier === null || ![verifier, ...known].includes(account.verifier))) throw engineError('accounts_differ');
  const statements = changeAccounts(accounts, { user: role, verifier, alsoValid });
  await onTransaction(null);
  for (const statement of statements) await connection.run(statement).catch((error: unknown) => explain(connection, error));
  const after = (await readAccounts(connection, role)) ?? [];
  // An account that came or went meanwhile: the next attempt finds it.
  if (after.length === 0 || after.some((account) => account.verifier !== verifier)) throw engineError('lock_busy');
}

/** A rule for passwords refuses every hash, and of ALTER USER says no more than that it failed. */
async function explain(connection: Connection, error: unknown): Promise<never> {
  if (!(error instanceof EngineError && error.code === 'lock_busy' && connection.isMariadb)) throw error;
  const rule =
    "SELECT 1 FROM information_schema.PLUGINS WHERE PLUGIN_TYPE = 'PASSWORD VALIDATION' AND PLUGIN_STATUS = 'ACTIVE' AND @@global.strict_password_validation";
  throw (await connection.rows(rule)).length > 0 ? engineError('verifier_refused') : error;
}

async function changeOwn(connection: Connection, { role, verifier, alsoValid = [], onTransaction }: ChangeRequest): Promise<void> {
  const { changeOwn } = dialectOf(connection);
  if (role !== connection.user || changeOwn === null) throw engineError('not_permitted');
  // A user sets the first of its passwords only.
  if (alsoValid.length > 0 || (await readOwn(connection)).verifiers.length > 1) throw engineError('overlap_unsupported');
  await onTransaction(null);
  await connection.run(changeOwn(verifier));
}

/** Ends whoever of this login is in the middle of a change in the name of the same rotation. */
async function endOrphan(connection: Connection, lock: string): Promise<number> {
  const [holder] = await connection.rows<{ id: number | null }>(`SELECT IS_USED_LOCK(${lock}) AS id`);
  if (!holder?.id || holder.id === connection.id) return 0;
  if ((await endAll(connection, [holder.id])) === 1) return 1;
  const [after] = await connection.rows<{ id: number | null }>(`SELECT IS_USED_LOCK(${lock}) AS id`);
  if (after?.id) throw engineError('lock_busy');
  return 0;
}
