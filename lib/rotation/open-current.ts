import type { Credential, Project, Server } from '#generated/prisma/client.ts';
import { openCredential } from '#lib/credentials/seal-credential.ts';
import type { RoleSession } from '#lib/engines/engine.ts';
import { engineFor } from '#lib/engines/registry.ts';
import { targetOf } from './target.ts';

interface Keeping {
  server: Server;
  projects: Project[];
  /** The current one alone. */
  credentials: Credential[];
}

/** Logs in as the role with the password Rekey keeps. Throws EngineError where the server refuses or does not answer. */
export async function openCurrent(database: Keeping, projectId: string): Promise<RoleSession> {
  const [current] = database.credentials;
  if (!current) throw new Error('a database without a current credential');
  const { password } = await openCredential(current);
  return engineFor(database.server.engine).openSession(targetOf(database, projectId), { user: current.loginName, password });
}
