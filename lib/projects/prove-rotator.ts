import { authorize } from '#lib/access/authorize.ts';
import type { UpdateProjectBody } from '#lib/contract/project.ts';
import { ENGINE_FAILURES, EngineError, type Rotator } from '#lib/engines/engine.ts';
import type { Context } from '#lib/kernel/context.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { inspectStored } from '#lib/logins/inspect-login.ts';
import { currentCredential, loadProject } from '#lib/logins/load-project.ts';
import { loginOf } from '#lib/logins/login-of.ts';
import { placesOf } from '#lib/logins/target.ts';
import { targetOf } from './change-target.ts';

/**
 * Logs in with a rotator before it is kept for the whole server: one that was made up, or has no right, would fail the
 * rotations of others. Nothing is sent but to the address of the project's own login.
 * @throws {DomainError} forbidden, validation_failed for `rotator_url` with what is wrong
 */
export async function proveRotator(context: Context, projectId: string, fields: Omit<UpdateProjectBody, 'name' | 'environment'>): Promise<void> {
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
