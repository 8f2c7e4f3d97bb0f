import { Prisma } from '#generated/prisma/client.ts';
import type { CampaignLoginListWire, CampaignLoginQuery, CampaignLoginState } from '#lib/contract/campaign.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { loadCampaign } from './load-campaign.ts';
import { LOGIN_STATE } from './read-progress.ts';

interface LoginRow {
  database_id: string;
  project_id: string;
  project_name: string;
  role_name: string;
  host: string | null;
  wave: number;
  position: number;
  state: CampaignLoginState;
  error_code: string | null;
  job_id: string | null;
  attempts: number;
  started_at: Date | null;
  ended_at: Date | null;
}

const encode = (position: number): string => Buffer.from(`at ${position}`).toString('base64url');

function decode(cursor: string): number {
  const [, position] = /^at (\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (position === undefined) throw invalidField('cursor', 'Send the next_cursor of the page before, unchanged.');
  return Number(position);
}

/**
 * The logins of a campaign in the order of their waves, page by page.
 * @throws {DomainError} not_found, validation_failed for `cursor`
 */
export async function listCampaignLogins(context: Context, id: string, { state, wave, limit, cursor }: CampaignLoginQuery): Promise<CampaignLoginListWire> {
  await loadCampaign(context, id);
  const after = cursor === undefined ? -1 : decode(cursor);
  const where = [Prisma.sql`l.campaign_id = ${id}`, Prisma.sql`l.position > ${after}`];
  if (state) where.push(Prisma.sql`${LOGIN_STATE} = ${state}`);
  if (wave !== undefined) where.push(Prisma.sql`l.wave = ${wave}`);
  const rows = await db.$queryRaw<LoginRow[]>`
    SELECT l.database_id, l.project_id, coalesce(p.name, l.project_name) AS project_name, l.role_name, d.host, l.wave, l.position, ${LOGIN_STATE} AS state, l.error_code, l.job_id,
      l.attempts, l.started_at, l.ended_at
    FROM campaign_logins l LEFT JOIN databases d ON d.id = l.database_id LEFT JOIN projects p ON p.id = l.project_id
    WHERE ${Prisma.join(where, ' AND ')} ORDER BY l.position LIMIT ${limit + 1}`;
  const last = rows[limit - 1];
  return {
    logins: rows.slice(0, limit).map(({ position: _, started_at, ended_at, ...row }) => ({
      ...row,
      started_at: started_at?.toISOString() ?? null,
      ended_at: ended_at?.toISOString() ?? null,
    })),
    ...(rows.length > limit && last && { next_cursor: encode(last.position) }),
  };
}
