import { createHash, randomBytes } from 'node:crypto';
import type { DeploymentTokenKind } from '#generated/prisma/enums.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { type Claim, holdClaim } from '#lib/queue/claim.ts';
import { DEPLOYMENT_PARTS, type DeploymentRow } from './deployments.ts';

/** How long the variables may be fetched: 5 minutes. */
export const FETCH_MS = 5 * 60_000;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** New tokens for one call of the hook; those of an earlier call end. They are in that call alone. Throws ClaimLost. */
export async function issueTokens(
  claim: Claim<'deployment.run'>,
  { id: deploymentId, organizationId, deadlineAt }: DeploymentRow,
): Promise<{ fetch: Secret; report: Secret }> {
  const [fetch, report] = [new Secret(randomBytes(32).toString('base64url')), new Secret(randomBytes(32).toString('base64url'))];
  const row = (kind: DeploymentTokenKind, token: Secret, expiresAt: Date) => ({
    id: newId('dpt'),
    organizationId,
    deploymentId,
    kind,
    tokenHash: hashOf(token.reveal()),
    expiresAt,
  });
  await db.$transaction(async (tx) => {
    await holdClaim(tx, claim);
    await tx.deploymentToken.deleteMany({ where: { deploymentId } });
    await tx.deploymentToken.createMany({ data: [row('fetch', fetch, storeTime(FETCH_MS)), row('report', report, deadlineAt)] });
  });
  return { fetch, report };
}

/** Uses up a token. Throws unauthenticated for one that is unknown, used, over, or of another deployment or kind. */
export async function takeToken(tx: Tx, deploymentId: string, kind: DeploymentTokenKind, token: string): Promise<DeploymentRow> {
  const { count } = await tx.deploymentToken.updateMany({
    where: { deploymentId, kind, tokenHash: hashOf(token), usedAt: null, expiresAt: { gt: storeTime() }, deployment: { state: 'deploying' } },
    data: { usedAt: storeTime() },
  });
  if (count !== 1) throw new DomainError('unauthenticated', 'This token is unknown, used or expired. Start another deployment.');
  return tx.deployment.findUniqueOrThrow({ where: { id: deploymentId }, include: DEPLOYMENT_PARTS });
}

/** Whether the variables were fetched with the tokens of the last call. */
export const hasFetched = async (deploymentId: string): Promise<boolean> =>
  (await db.deploymentToken.count({ where: { deploymentId, kind: 'fetch', usedAt: { not: null } } })) > 0;
