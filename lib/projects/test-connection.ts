import { authorize } from '#lib/access/authorize.ts';
import { visibleProjects } from '#lib/access/visible-projects.ts';
import type { ConnectionTestBody, ConnectionTestWire } from '#lib/contract/connection-test.ts';
import { EngineError, type EngineFailure, type Inspection, isRejection, type Login, type Probe, type Rotator, type Target } from '#lib/engines/engine.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { givenLoginLimits } from '#lib/limits/limits.ts';
import { giveBackGuess, takeGuess } from '#lib/limits/take-guess.ts';
import { FAILED_LOGINS_LIMIT } from '#lib/logins/failed-logins.ts';
import { failureText } from '#lib/logins/failures.ts';
import { inspectLogin, probePooler } from '#lib/logins/inspect-login.ts';
import { loadProject, type ProjectRow } from '#lib/logins/load-project.ts';
import { noteRights } from '#lib/logins/note-rights.ts';
import { protectionText } from '#lib/logins/protection.ts';
import { sslModeToWire } from '#lib/logins/ssl-mode.ts';
import { type Target as Given, readTarget } from './read-target.ts';

type Step = ConnectionTestWire['steps'][number];

/** Where a failure keeps a login from going on; what is not named here fails at the login itself. */
const STEP_OF: Partial<Record<EngineFailure, 'reachable' | 'tls'>> = {
  host_not_found: 'reachable',
  server_unreachable: 'reachable',
  connection_cut: 'reachable',
  timed_out: 'reachable',
  server_full: 'reachable',
  server_starting: 'reachable',
  tls_refused: 'tls',
  tls_untrusted: 'tls',
};

/** A given login as the engines take it. No key is trusted but the one that is kept of its address. */
export function toTarget({ direct, pooled, sslMode, caPem }: Given, allowsMd5: boolean, kept: ProjectRow['database'] | null = null): Target {
  const tls = (mode: Given['sslMode']) => ({ mode: mode ?? 'prefer', caPem, pinnedKey: null, pinnedRsaKey: null, allowsMd5 });
  return {
    direct: {
      host: direct.host,
      port: direct.port,
      user: null,
      database: direct.database,
      tls: { ...tls(sslMode), ...(kept && { pinnedKey: kept.directPinnedKey, pinnedRsaKey: kept.directPinnedRsaKey }) },
    },
    pooled: pooled && {
      host: pooled.host,
      port: pooled.port,
      user: pooled.user === direct.user ? null : pooled.user,
      database: pooled.database ?? direct.database,
      tls: tls(pooled.sslMode ?? sslMode),
    },
  };
}

function toRotator({ rotator, direct, sslMode }: Given, { direct: place }: Target): Rotator | null {
  if (!rotator) return null;
  const tls = { ...place.tls, mode: rotator.sslMode ?? sslMode ?? 'prefer' };
  const target = { direct: { ...place, host: rotator.host, port: rotator.port, database: rotator.database ?? direct.database, tls }, pooled: null };
  return { user: rotator.user, password: rotator.password, target };
}

const step = (name: Step['step'], result: Step['result'], text: string): Step => ({ step: name, result, text });

function rightsStep(found: Inspection, given: Given): Step {
  const { notes } = noteRights(found, {
    roleName: given.direct.user,
    pooledPort: given.pooled?.port ?? null,
    rotatorName: given.rotator?.user ?? null,
    hasTwin: false,
    server: { engine: given.direct.engine },
    sendsPlaintext: false,
    isPoolerProven: false,
  });
  const [change] = notes;
  return step('rights', change?.tone === 'danger' ? 'warn' : 'ok', change?.text ?? 'The rights are not known.');
}

function poolerStep(probe: Probe | null, engine: Given['direct']['engine']): Step {
  if (probe === null) return step('pooler', 'not_tried', 'No pooled URL is given.');
  if (probe.verdict === 'accepted') return step('pooler', 'ok', 'The password logs in through the pooler.');
  if (probe.verdict === 'refused') return step('pooler', 'failed', 'The pooler rejected this login.');
  return step('pooler', 'failed', failureText(probe.failure, { engine }));
}

/** What a login met before it failed, and that nothing after it was tried. */
function failedSteps(code: EngineFailure, { direct: { engine, host, port } }: Given): Step[] {
  const failed = STEP_OF[code] ?? 'login';
  const text = code === 'password_refused' ? 'The server rejected this user and password. Check both in the URL.' : failureText(code, { engine });
  // It may be reached from the workers all the same.
  const shown = failed === 'reachable' ? `${text} This was tried from the web server.` : text;
  const names = ['reachable', 'tls', 'login', 'rights', 'pooler'] as const;
  const passed = { reachable: `${host}:${port} answers.`, tls: 'TLS raised no error.' };
  const at = names.indexOf(failed);
  return names.map((name, index) => {
    if (index > at) return step(name, 'not_tried', 'Not tried.');
    return index === at ? step(name, 'failed', shown) : step(name, 'ok', passed[name as keyof typeof passed]);
  });
}

type Account = Pick<Given['direct'], 'engine' | 'host' | 'port' | 'user'>;

/** The login, and the rotator if one is given. */
const accountsOf = ({ direct, rotator }: Given): Account[] => [direct, ...(rotator ? [rotator] : [])];

interface Trial extends Pick<ConnectionTestWire, 'logs_in' | 'steps'> {
  /** Accounts whose password was rejected, which servers count. */
  rejected: Account[];
}

async function runTest(given: Given, allowsMd5: boolean, kept: ProjectRow['database'] | null): Promise<Trial> {
  const target = toTarget(given, allowsMd5, kept);
  const { engine, host, port, user, password } = given.direct;
  const login: Login = { user, password };
  try {
    const found = await inspectLogin(engine, target, login, toRotator(given, target));
    const pooled = await probePooler(engine, target, login);
    const tls = found.protection ? protectionText({ direct: found.protection, pooled: null }) : 'TLS raised no error.';
    return {
      logs_in: pooled === null || pooled.verdict === 'accepted',
      rejected: [
        ...(pooled?.verdict === 'refused' ? [given.direct] : []),
        ...(given.rotator && found.rotatorFailure !== null && isRejection(found.rotatorFailure) ? [given.rotator] : []),
      ],
      steps: [
        step('reachable', 'ok', `${host}:${port} answers.`),
        step('tls', found.protection?.channel === 'plain' ? 'warn' : 'ok', `${tls}.`.replace('..', '.')),
        step('login', 'ok', `${user} logs in.`),
        rightsStep(found, given),
        poolerStep(pooled, engine),
      ],
    };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { logs_in: false, steps: failedSteps(error.code, given), rejected: isRejection(error.code) ? [given.direct] : [] };
  }
}

/** The oldest project that keeps a login of this role at this address, none of whose passwords has ever worked. */
async function findUnproven(context: Context, { direct: { host, port, user, engine } }: Given): Promise<ConnectionTestWire['unproven_project']> {
  return db.project.findFirst({
    where: {
      AND: [
        visibleProjects(context),
        {
          database: {
            host,
            directPort: port,
            roleName: user,
            server: { engine },
            state: { not: 'rotating_credentials' },
            credentials: { none: { directProvenAt: { not: null } } },
          },
        },
      ],
    },
    select: { id: true, name: true },
    orderBy: { createdAt: 'asc' },
  });
}

/** What a project keeps of the address that a URL names; null where it names another. */
async function keptPlace(context: Context, projectId: string, { direct: { engine, host, port } }: Given): Promise<ProjectRow['database'] | null> {
  const { database } = await loadProject(context, projectId);
  return database.server.engine === engine && database.host === host && database.directPort === port ? database : null;
}

/**
 * Tries a login before it is kept: is the server reached, by which TLS, does the password log in, what may it
 * do, and does the pooler take it. Keeps nothing, and changes nothing on the server. At most three rejected logins of one
 * account count in 15 minutes: further ones are not made.
 * @throws {DomainError} validation_failed naming the field, forbidden, not_found of the project that it is for, rate_limited
 */
export async function testConnection(context: Context, body: ConnectionTestBody): Promise<ConnectionTestWire> {
  const { allows_md5: allowsMd5, project_id: projectId, ...fields } = body;
  if (fields.rotator_url) authorize(context, 'servers.manage');
  const read = readTarget(fields);
  const kept = projectId ? await keptPlace(context, projectId, read) : null;
  const given = kept ? { ...read, sslMode: read.sslMode ?? sslModeToWire(kept.sslMode), caPem: read.caPem ?? kept.caPem } : read;
  const isMd5Allowed = allowsMd5 ?? kept?.allowsMd5 ?? false;
  // A URL for a project adds none beside another.
  const limitsOf = (account: Account) => givenLoginLimits(context.organizationId, account);
  const accounts = accountsOf(given);
  await takeGuess(accounts.flatMap(limitsOf), `${FAILED_LOGINS_LIMIT} logins of this account were rejected or have no answer yet, and more could lock it.`);
  const [{ rejected, ...result }, unproven] = await Promise.all([runTest(given, isMd5Allowed, kept), projectId ? null : findUnproven(context, given)]);
  await giveBackGuess(accounts.filter((account) => !rejected.includes(account)).flatMap(limitsOf));
  return { ...result, unproven_project: unproven };
}
