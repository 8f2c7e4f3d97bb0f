import { isIPv6 } from 'node:net';
import type { Tx } from '#lib/kernel/db.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { openValue } from '#lib/secrets/secrets.ts';
import type { DeploymentRow } from './deployments.ts';

const DEFAULT_PORTS = { mysql: 3306, postgresql: 5432 } as const;

/** What a deployment gets: global secrets, those of its environment over them, and the database with the password that it carries. */
export async function readVariables(tx: Tx, { organizationId, environment, credential }: DeploymentRow): Promise<Record<string, string>> {
  const secrets = await tx.environmentSecret.findMany({ where: { organizationId, OR: [{ environmentId: null }, { environmentId: environment.id }] } });
  const opened = await Promise.all(
    secrets.map(async (row) => ({ isGlobal: row.environmentId === null, entry: [row.key, (await openValue(row)).reveal()] as const })),
  );
  const ofEach = (isGlobal: boolean) => Object.fromEntries(opened.filter((one) => one.isGlobal === isGlobal).map(({ entry }) => entry));
  const own = { ...ofEach(true), ...ofEach(false) };
  if (!credential || environment.projectId === null) return own;
  const { databaseName, database } = await tx.project.findUniqueOrThrow({
    where: { id: environment.projectId },
    include: { database: { include: { server: true } } },
  });
  const { host, directPort, server } = database;
  const address = isIPv6(host) ? `[${host}]` : host;
  return {
    ...own,
    DB_NAME: databaseName,
    DB_USER: credential.loginName,
    DB_PASSWORD: (await openCredential(credential)).password.reveal(),
    DB_HOST: directPort === DEFAULT_PORTS[server.engine] ? address : `${address}:${directPort}`,
    DB_CHARSET: 'utf8mb4',
    DB_COLLATE: '',
  };
}
