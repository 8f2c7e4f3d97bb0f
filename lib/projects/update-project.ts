import { authorize } from '#lib/access/authorize.ts';
import { requireWholeLogin } from '#lib/access/require-whole-login.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ProjectWire, UpdateProjectBody } from '#lib/contract/project.ts';
import { ENGINE_FAILURES, EngineError, type Rotator } from '#lib/engines/engine.ts';
import { forgetVersions } from '#lib/integrations/integrations.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { insertVerification, wakeVerification } from '#lib/logins/insert-verification.ts';
import { inspectStored } from '#lib/logins/inspect-login.ts';
import { currentCredential, loadProject } from '#lib/logins/load-project.ts';
import { loginOf } from '#lib/logins/login-of.ts';
import { parseUrl } from '#lib/logins/parse-url.ts';
import { placesOf } from '#lib/logins/target.ts';
import { planNow } from '#lib/policies/replan.ts';
import { loginsThatNeedRotator, recheckLogins } from '#lib/rotation/machine/recheck-logins.ts';
import { choosePlaintext } from '#lib/rotation/request/choose-plaintext.ts';
import { changeTarget, chooseMd5, namesTarget, targetOf } from './change-target.ts';
import { getProject } from './get-project.ts';
import { forgetUnused, projectsOnServer } from './join-server.ts';
import { setTags } from './set-tags.ts';
import { takePasswordGuess } from './take-password-guess.ts';

/**
 * Logs in with a rotator before it is kept for the whole server: one that was made up, or has no right, would fail the
 * rotations of others. Nothing is sent but to the address of the project's own login.
 * @throws {DomainError} forbidden, validation_failed for `rotator_url` with what is wrong
 */
async function proveRotator(context: Context, projectId: string, fields: Omit<UpdateProjectBody, 'name' | 'environment'>): Promise<void> {
  if (fields.rotator_url === undefined) return;
  authorize(context, 'servers.manage');
  if (fields.rotator_url === null) return;
  const row = await loadProject(context, projectId);
  const { direct, rotator: given, sslMode, caPem } = await targetOf(row, fields);
  if (given === null) return;
  const kept = placesOf(row.database, row);
  const mode = given.sslMode ?? sslMode ?? kept.direct.tls.mode;
  const tls = { ...kept.direct.tls, mode, caPem: caPem ?? kept.direct.tls.caPem };
  const target = { direct: { ...kept.direct, host: direct.host, port: direct.port, database: direct.database, tls }, pooled: null };
  const place = { ...target.direct, database: given.database ?? direct.database };
  const rotator: Rotator = { user: given.user, password: given.password, target: { direct: place, pooled: null } };
  const login = fields.connection_url === undefined ? await loginOf(currentCredential(row)) : { user: direct.user, password: direct.password };
  const refuse = (why: string) => invalidField('rotator_url', `${why} Nothing was changed.`);
  const found = await inspectStored(row.database, target, login, rotator).catch((error: unknown) => {
    if (error instanceof EngineError) throw refuse(`The rotator could not be tried: ${ENGINE_FAILURES[error.code]}`);
    throw error;
  });
  if (found.rotatorFailure) throw refuse(`The rotator ${given.user} could not log in: ${ENGINE_FAILURES[found.rotatorFailure]}`);
  if (!found.rotatorMayChange) throw refuse(`The rotator ${given.user} may not change the password of ${login.user}. Grant it the right first.`);
}

/**
 * Changes what is given. Where the login, its address or TLS is among it, a job proves the login again.
 * @throws {DomainError} not_found, forbidden where the login is used by projects out of reach or an API key takes protection away, rate_limited, validation_failed naming the field, rotation_in_progress
 */
export async function updateProject(context: Context, projectId: string, body: UpdateProjectBody): Promise<ProjectWire> {
  const { name, environment, sends_plaintext: sendsPlaintext, allows_md5: allowsMd5, tags, ...fields } = body;
  if (sendsPlaintext || allowsMd5) authorize(context, 'protection.change');
  await countGuess(context, projectId, fields);
  await proveRotator(context, projectId, fields);
  const { jobId, dropped, rechecks } = await db.$transaction(async (tx) => {
    const before = await loadProject(context, projectId, tx);
    if (namesTarget(fields) || sendsPlaintext !== undefined || allowsMd5 !== undefined || tags !== undefined)
      await requireWholeLogin(tx, context, before.databaseId);
    if (sendsPlaintext !== undefined) await choosePlaintext(tx, before.database, sendsPlaintext);
    const affected = fields.rotator_url === undefined ? {} : { affected_projects: (await projectsOnServer(tx, before.database)).map((one) => one.name) };
    const served = fields.rotator_url === undefined ? [] : await loginsThatNeedRotator(tx, before.database);
    const change = namesTarget(fields) ? await changeTarget(tx, context, before, fields) : null;
    await tx.project.update({ where: { id: before.id }, data: { ...(name !== undefined && { name }), ...(environment && { environment }), ...change?.place } });
    if (change) {
      await forgetVersions(tx, change.place.databaseId);
      await forgetUnused(tx, before.database);
    }
    const { databaseId } = change?.place ?? before;
    if (tags !== undefined) await setTags(tx, { ...before, databaseId }, tags);
    // A choice for the login that the project has moved to is one for all that use it.
    if (allowsMd5 !== undefined && databaseId !== before.databaseId) await requireWholeLogin(tx, context, databaseId);
    const rechecks = await recheckLogins(
      tx,
      served.flatMap(({ id }) => (id === databaseId ? [] : id)),
    );
    const dropped = change?.droppedRotator && { dropped_rotator: change.droppedRotator };
    const choosesAnew = allowsMd5 !== undefined && (await chooseMd5(tx, databaseId, allowsMd5));
    const choices = { ...(sendsPlaintext !== undefined && { sends_plaintext: sendsPlaintext }), ...(allowsMd5 !== undefined && { allows_md5: allowsMd5 }) };
    await recordAudit(tx, context, { action: 'project.updated', projectId, metadata: { fields: Object.keys(body), ...choices, ...affected, ...dropped } });
    // The choice decides what the check rehearses.
    const needsProof = change ? change.needsProof || choosesAnew : choosesAnew || sendsPlaintext !== undefined;
    if (!needsProof) return { jobId: null, dropped, rechecks };
    await tx.database.update({ where: { id: databaseId }, data: { state: 'verifying', lastError: null } });
    return { jobId: await insertVerification(tx, context, { id: before.id, databaseId }), dropped, rechecks };
  });
  if (tags !== undefined) await planNow(context.organizationId);
  const project = await getProject(context, projectId);
  for (const { jobId: id, login } of rechecks) wakeVerification(id, login);
  if (jobId) wakeVerification(jobId, { host: project.public_host, directPort: project.direct_port });
  return { ...project, ...dropped };
}

/** What a given URL has for a password may be a guess at a stored one: that of the login it names, or of the project's own for a pooled URL alone. */
async function countGuess(context: Context, projectId: string, { connection_url: direct, pooled_connection_url: pooled }: UpdateProjectBody): Promise<void> {
  if (direct !== undefined) return takePasswordGuess(context, parseUrl('connection_url', direct));
  if (!pooled) return;
  const { database } = await loadProject(context, projectId);
  const { password } = parseUrl('pooled_connection_url', pooled);
  await takePasswordGuess(context, { engine: database.server.engine, host: database.host, port: database.directPort, user: database.roleName, password });
}
