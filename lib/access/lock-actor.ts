import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';

/**
 * Holds the actor's right to be here until the transaction ends, so that what is made with it cannot outlive it: their
 * removal waits, and then finds what was made. Answers the member behind the act, also where a key of theirs acts; null
 * where there is none. Throws unauthenticated for who was removed meanwhile.
 */
export async function lockActor(tx: Tx, { organizationId, actor }: Context): Promise<string | null> {
  switch (actor.kind) {
    case 'user': {
      const rows = await tx.$queryRaw<unknown[]>`SELECT FROM members WHERE organization_id = ${organizationId} AND user_id = ${actor.id} FOR NO KEY UPDATE`;
      if (rows.length === 0) throw gone('You are no longer a member.');
      return actor.id;
    }
    case 'api_key': {
      const [key] = await tx.$queryRaw<{ by: string | null }[]>`
        SELECT created_by_user_id AS by FROM api_keys WHERE id = ${actor.id} AND revoked_at IS NULL FOR NO KEY UPDATE`;
      if (!key) throw gone('This API key was revoked.');
      return key.by;
    }
    case 'system':
      return null;
  }
}

const gone = (what: string): DomainError => new DomainError('unauthenticated', `${what} Nothing was changed.`);
