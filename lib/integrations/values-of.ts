import { ENGINES } from '#lib/contract/engines/engines.ts';
import type { VariableValue, VariableWire } from '#lib/contract/integration.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { currentCredential, type ProjectRow } from '#lib/logins/load-project.ts';
import { nodeUrl } from '#lib/logins/node-url.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { urlsOf } from '#lib/logins/urls-of.ts';
import type { Variable } from './integration.ts';

/** The variables with what they are to hold: all from the same password. Throws SealBrokenError. */
export async function valuesOf(project: ProjectRow, variables: readonly VariableWire[]): Promise<Variable[]> {
  const credential = currentCredential(project);
  const { password } = await openCredential(credential);
  const { direct, pooled } = urlsOf(project, password);
  const { database } = project;
  const forNode = (url: Secret) => new Secret(nodeUrl(database.server.engine, url.reveal()));
  const values: Record<VariableValue, () => Secret> = {
    pooled_url: () => pooled ?? direct,
    pooled_prisma_url: () => (pooled ? forPrisma(pooled, ENGINES[database.server.engine].url.prismaPooled) : direct),
    pooled_node_url: () => forNode(pooled ?? direct),
    direct_url: () => direct,
    direct_node_url: () => forNode(direct),
    host: () => new Secret(database.host),
    port: () => new Secret(String(database.directPort)),
    user: () => new Secret(credential.loginName),
    password: () => password,
    database: () => new Secret(project.databaseName),
  };
  return variables.map(({ name, value }) => ({ name, value: values[value]() }));
}

function forPrisma(pooled: Secret, needed: string | null): Secret {
  const url = pooled.reveal();
  if (needed === null || new URL(url).searchParams.has(needed.split('=')[0] ?? '')) return pooled;
  return new Secret(`${url}${url.includes('?') ? '&' : '?'}${needed}`);
}
