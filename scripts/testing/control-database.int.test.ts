import pg from 'pg';
import { expect, test } from 'vitest';

test('a test file has a migrated database of its own', async () => {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const { rows } = await client.query(`SELECT current_database() AS name, indexdef FROM pg_indexes WHERE indexname = 'rotations_live_target'`);
  await client.end();
  expect(rows[0].name).toMatch(/^rekey_[0-9a-f]{12}$/);
  expect(rows[0].indexdef).toContain("'needs_attention'");
});
