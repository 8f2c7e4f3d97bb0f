import { createHash } from 'node:crypto';
import { costOf, isCachingSha2Hash, isNativeHash, makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import { hasProvenItself, mayHearVerifier } from '#lib/engines/channel.ts';
import { type ChangeRequest, EngineError, type EngineFailure, type Login, type Operator, type Rehearsal, type Target } from '#lib/engines/engine.ts';
import { engineError, engineErrorOf } from '#lib/engines/failure.ts';
import { type Connection, logIn, NEUTRAL } from './connect.ts';
import { type Account, verifiersOf } from './dialect.ts';
import { endAll } from './end-all.ts';
import { dialectOf } from './greeting.ts';
import { quote } from './quote.ts';
import { type OwnAccount, readOwn } from './read-own.ts';
import { CLOCK, readSettings, sessionOn } from './session.ts';

/** Seconds that one change waits for another one of the same role. */
const LOCK_WAIT_SECONDS = 3;
/** The server's number for an account that it does not know. */
const CANNOT_USER = 1396;
/** Seconds after which the server hangs up on a change that goes on with nothing: its locks fall. */
const IDLE_SECONDS = 10;

/** Names of locks have a limit of 64 signs. */
const lockOn = (...what: string[]): string => quote(`rekey:${createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 40)}`);
const lockOnRole = (role: string): string => lockOn('role', role);
/** Held by a login while it changes a password in the name of one rotation: whoever holds it may still send something. */
const lockOnAttempt = (user: string, attempt: string): string => lockOn('attempt', user, attempt.slice(0, attempt.lastIndexOf(':') + 1));

/** Logs in to change a password; see Engine. Chooses no database: a rotator may use none. */
export async function openOperator(target: Target, login: Login): Promise<Operator & Pick<Connection, 'serverVersion'>> {
  const connection = await logIn(withoutDatabase(target), 'direct', login);
  return {
    ...sessionOn(connection),
    serverVersion: connection.serverVersion,
    changePassword: (request) => changePassword(connection, request),
    rehearse: (request) => rehearse(connection, request, target.direct.database),
    unblock: (role) => unblock(connection, role),
    endOrphans: (prefix) => endOrphan(connection, lockOnAttempt(connection.user, prefix)),
    // Statements on accounts have no transaction that could be asked after.
  };
}

/** The same address for a login that chooses no database. */
export const withoutDatabase = (target: Target): Target => ({ ...target, direct: { ...target.direct, database: '' } });

/** A change by hashes, which is the only one that these servers are sent. */
type HashChange = ChangeRequest & { verifier: string };

const isHashChange = (request: ChangeRequest): request is HashChange => typeof request.verifier === 'string';

/**
 * A challenge alone proves nothing of a server: an impostor accepts any answer to it. One that has proven itself in no other
 * way has to name a hash of a password that it lets in now, before it hears the next one: the login's own (judgeOwnChange),
 * or one that is known (judgeAccounts).
 */
async function changePassword(connection: Connection, request: ChangeRequest): Promise<{ changedAt: Date; others: number }> {
  if (!isHashChange(request)) throw engineError('verifier_malformed');
  const { role, verifier, alsoValid = [], attempt } = request;
  if (![verifier, ...alsoValid].every((one) => isNativeHash(one) || isCachingSha2Hash(one))) throw engineError('verifier_malformed');
  if (!mayHearVerifier(connection.protection)) throw engineError('server_unproven');
  if ((await readSettings(connection)).isReadOnly) throw engineError('read_only');
  const locks = [lockOnRole(role), lockOnAttempt(connection.user, attempt)];
  await connection.run(`SET SESSION wait_timeout = ${IDLE_SECONDS}`);
  const [held] = await connection.rows<Record<string, number>>(
    `SELECT ${locks.map((lock, i) => `GET_LOCK(${lock}, ${i ? 0 : LOCK_WAIT_SECONDS}) AS l${i}`).join(', ')}`,
  );
  try {
    if (!held || Object.values(held).some((isHeld) => isHeld !== 1)) throw engineError('lock_busy');
    const accounts = await readAccounts(connection, role);
    const others = accounts ? await changeAll(connection, accounts, request) : await changeOwn(connection, request);
    const [clock] = await connection.rows<{ now: string }>(CLOCK);
    return { changedAt: new Date(Number(clock?.now) * 1000), others };
  } finally {
    // The other way round: whoever waits for the first takes the second at once.
    await connection.run(...locks.toReversed().map((lock) => `DO RELEASE_LOCK(${lock})`), `SET SESSION wait_timeout = ${NEUTRAL.wait_timeout}`).catch(() => {});
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

const refuse = (code: EngineFailure, role: string, accounts: Account[]): EngineError =>
  engineErrorOf(code, accounts.map(({ host }) => `${role}@${host}`).join(', '));

/** What an account must be let do in an hour: a rotation takes up to 20 logins and 100 statements, and the application needs some too. */
const NEEDS_PER_HOUR = { logins: 30, statements: 300 };

/** Refuses accounts that Rekey's own logins would use up for the application. */
export function refuseLowLimits(role: string, accounts: Account[]): void {
  const isLow = (limit: number, needed: number) => limit > 0 && limit < needed;
  const limited = accounts.filter(({ perHour }) => isLow(perHour.logins, NEEDS_PER_HOUR.logins) || isLow(perHour.statements, NEEDS_PER_HOUR.statements));
  if (limited.length > 0) throw refuse('hourly_limit_low', role, limited);
}

/** Refuses accounts whose password is not the role's: they are somebody else's, or have none. */
function judgeAccounts(connection: Connection, accounts: Account[], { role, known }: Pick<ChangeRequest, 'role' | 'known'>): void {
  const dialect = dialectOf(connection);
  if (accounts.length === 0) throw engineError('role_missing');
  const without = accounts.filter((account) => verifiersOf(dialect, account).length === 0);
  if (without.length > 0) throw refuse('plugin_unsupported', role, without);
  const foreign = known ? accounts.filter((account) => !verifiersOf(dialect, account).some((one) => known.includes(one))) : [];
  if (foreign.length > 0) throw refuse('accounts_differ', role, foreign);
}

/**
 * The accounts that the server does not know, although its table lists them: `accounts` as just read, since warnings stand
 * until a statement reads a table. Asks by a change of nothing: the right to change these very accounts is proven by it,
 * and an account that failed logins have blocked is let in again.
 */
async function findUnloaded(connection: Connection, role: string, accounts: Account[]): Promise<Account[]> {
  const names = accounts.map(({ host }) => `${quote(role)}@${quote(host)}`).join(', ');
  const answers = await connection.run(`ALTER USER IF EXISTS ${names}`, 'SHOW WARNINGS');
  const failed = (answers[1] as { Code: number; Message: string }[]).filter(({ Code }) => Code === CANNOT_USER);
  // In every language the message quotes the account.
  return accounts.filter(({ host }) => failed.some(({ Message }) => Message.includes(`'${role}'@'${host}'`)));
}

type RehearsalRequest = Parameters<NonNullable<Operator['rehearse']>>[0];

async function rehearse(connection: Connection, { role, known = [], password }: RehearsalRequest, database: string): Promise<Rehearsal> {
  if (!mayHearVerifier(connection.protection)) throw engineError('server_unproven');
  if ((await readSettings(connection)).isReadOnly) throw engineError('read_only');
  const { listStrictRules } = dialectOf(connection);
  if (listStrictRules && (await connection.rows(listStrictRules)).length > 0) throw engineError('verifier_refused');
  const accounts = await readAccounts(connection, role);
  if (!accounts) return rehearseOwn(connection, role, known, database);
  const ours = [...known, makeNativeHash(password)];
  judgeAccounts(connection, accounts, { role, known: ours });
  refuseLowLimits(role, accounts);
  const unloaded = await findUnloaded(connection, role, accounts);
  if (unloaded.length > 0) throw refuse('account_not_loaded', role, unloaded);
  const verifiers = accounts.flatMap((account) => verifiersOf(dialectOf(connection), account));
  const verifier = verifiers.find((one) => ours.includes(one)) ?? null;
  return { iterations: costOf(verifier), verifier };
}

async function rehearseOwn(connection: Connection, role: string, known: readonly string[], database: string): Promise<Rehearsal> {
  if (role !== connection.user) throw engineError('not_permitted');
  const own = await readOwn(connection);
  judgeOwnChange(connection, own, known);
  refuseLowLimits(role, [own]);
  const [replicas] = await connection.rows<{ Value: string }>("SHOW GLOBAL STATUS LIKE 'Slaves_connected'");
  if (Number(replicas?.Value ?? 0) > 0) throw engineError('replicas_need_rotator');
  // The change itself chooses no database, and whoever uses the new password does.
  const seen = database === '' ? [1] : await connection.rows(`SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ${quote(database)}`);
  if (seen.length === 0) throw engineError('database_missing');
  return { iterations: own.iterations, verifier: own.verifier };
}

/** Refuses what SET PASSWORD cannot do: it replaces one password, and leaves all others as they are. */
function judgeOwnChange(connection: Connection, own: OwnAccount, known: readonly string[]): void {
  if (dialectOf(connection).changeOwn === null) throw engineError('not_permitted');
  if (own.verifiers.length === 0) throw engineError('plugin_unsupported');
  if (own.verifier === null && !hasProvenItself(connection.protection)) throw engineError('server_unproven');
  if (!own.mayChange) throw engineError('own_change_unsafe');
  if (own.verifiers.some((one) => one !== own.verifier && known.includes(one))) throw engineError('overlap_unsupported');
}

async function changeAll(connection: Connection, accounts: Account[], request: HashChange): Promise<number> {
  const { role, verifier, alsoValid = [], known, endsOthers = false, onTransaction } = request;
  const dialect = dialectOf(connection);
  if (!known && !hasProvenItself(connection.protection)) throw engineError('server_unproven');
  judgeAccounts(connection, accounts, { role, ...(known && { known: [verifier, ...known] }) });
  const isKnown = (one: string) => !known || one === verifier || known.includes(one);
  const unloaded = await findUnloaded(connection, role, accounts);
  // Nobody logs in by an account that the server does not know: what can be changed must not wait for it.
  const loaded = accounts.filter((account) => !unloaded.includes(account));
  if (loaded.length === 0) throw refuse('account_not_loaded', role, unloaded);
  const wanted = { user: role, verifier, alsoValid, replaces: (one: string) => endsOthers || isKnown(one) };
  const statements = dialect.changeAccounts(loaded, wanted);
  await onTransaction(null);
  for (const statement of statements) await connection.run(statement).catch((error: unknown) => explain(connection, error));
  const after = ((await readAccounts(connection, role)) ?? []).filter(({ host }) => !unloaded.some((one) => one.host === host));
  const isAsWanted = (account: Account): boolean => {
    const all = verifiersOf(dialect, account);
    return (
      [verifier, ...alsoValid].every((one) => all.includes(one)) && all.every((one) => one === verifier || alsoValid.includes(one) || !wanted.replaces(one))
    );
  };
  // An account that came or went meanwhile: the next attempt finds it.
  if (after.length === 0 || !after.every(isAsWanted)) await explain(connection, engineError('lock_busy'));
  return new Set(loaded.flatMap((account) => verifiersOf(dialect, account)).filter((one) => !isKnown(one))).size;
}

/** A rule for passwords rejects every hash, and of ALTER USER the server says no more than that it failed. */
async function explain(connection: Connection, error: unknown): Promise<never> {
  const { listStrictRules } = dialectOf(connection);
  const mayBeRule = error instanceof EngineError && (error.code === 'lock_busy' || error.code === 'account_not_loaded');
  if (!mayBeRule || !listStrictRules) throw error;
  throw (await connection.rows(listStrictRules)).length > 0 ? engineError('verifier_refused') : error;
}

async function changeOwn(connection: Connection, { role, verifier, alsoValid = [], known = [], onTransaction }: HashChange): Promise<number> {
  const change = dialectOf(connection).changeOwn;
  if (role !== connection.user || change === null) throw engineError('not_permitted');
  // SET PASSWORD replaces one password and adds none.
  if (alsoValid.length > 0) throw engineError('overlap_unsupported');
  const own = await readOwn(connection);
  judgeOwnChange(
    connection,
    own,
    known.filter((one) => one !== verifier),
  );
  await onTransaction(null);
  await connection.run(change(verifier)).catch((error: unknown) => explain(connection, error));
  return own.verifiers.length - 1;
}

/** Any change of an account forgets its failed logins, also one of nothing. */
async function unblock(connection: Connection, role: string): Promise<void> {
  const accounts = await readAccounts(connection, role);
  if (accounts && accounts.length > 0) await findUnloaded(connection, role, accounts);
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
