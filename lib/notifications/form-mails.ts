import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';

/** Members whose mails are formed by one sweep. */
const AT_ONCE = 100;

/** What would be due so soon goes along, in seconds: the notices of one moment come in one mail. */
const SOON_S = 60;

/** Puts the notices that are due into one mail for each member. A notice is in one mail alone: two workers take different ones. */
export async function formMails(): Promise<void> {
  const members = await db.$queryRaw<{ organizationId: string; userId: string }[]>`
    SELECT DISTINCT organization_id AS "organizationId", user_id AS "userId"
    FROM notices WHERE mail_id IS NULL AND not_before <= now() LIMIT ${AT_ONCE}`;
  for (const { organizationId, userId } of members) {
    const id = newId('mal');
    await db.$executeRaw`
      WITH taken AS (
        SELECT event_id FROM notices
        WHERE organization_id = ${organizationId} AND user_id = ${userId} AND mail_id IS NULL AND not_before <= now() + make_interval(secs => ${SOON_S})
        FOR UPDATE SKIP LOCKED
      ), mail AS (
        INSERT INTO mails (id, organization_id, user_id) SELECT ${id}, ${organizationId}, ${userId} WHERE EXISTS (SELECT FROM taken)
      )
      UPDATE notices SET mail_id = ${id} FROM taken WHERE notices.event_id = taken.event_id AND notices.user_id = ${userId}`;
  }
}
