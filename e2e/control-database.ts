import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { hashPassword } from '#lib/auth/hash-password.ts';
import { newId } from '#lib/kernel/ids.ts';
import type { OWNER } from './owner.ts';

/** The database that the launcher keeps Rekey's tables in. */
export function controlUrl(): string {
  const dataDir = readFileSync('test-results/e2e-data-dir', 'utf8');
  const { control } = JSON.parse(readFileSync(join(dataDir, 'ports.json'), 'utf8')) as { control: number };
  const password = readFileSync(join(dataDir, 'control/password'), 'utf8');
  return `postgresql://postgres:${password}@127.0.0.1:${control}/rekey`;
}

async function inControl<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: controlUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** As if somebody had last given the password six minutes ago. */
export async function makeSessionsStale(email: string): Promise<void> {
  const stale = `UPDATE sessions SET verified_at = now() - interval '6 minutes' WHERE user_id = (SELECT id FROM users WHERE email = $1)`;
  await inControl((client) => client.query(stale, [email]));
}

/** Another member of the one organization, unless they are one. */
export async function addMember({ email, password }: typeof OWNER, role: string): Promise<void> {
  const id = newId('usr');
  const passwordHash = await hashPassword(password);
  await inControl(async (client) => {
    await client.query('INSERT INTO users (id, email, password_hash, updated_at) VALUES ($1, $2, $3, now()) ON CONFLICT DO NOTHING', [id, email, passwordHash]);
    await client.query(
      `INSERT INTO members (organization_id, user_id, role) SELECT o.id, u.id, $2::"MemberRole" FROM organizations o, users u WHERE u.email = $1 ON CONFLICT DO NOTHING`,
      [email, role],
    );
  });
}
