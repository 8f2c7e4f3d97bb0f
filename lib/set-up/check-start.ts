import { sealEarlierChains } from '#lib/audit/seal-earlier-chains.ts';
import { checkEncryptionKeys } from '#lib/crypto/check-keys.ts';
import { KeyUnavailableError } from '#lib/crypto/key-encryption-key.ts';
import { KeySettingError } from '#lib/crypto/read-key-ring.ts';
import { describeError } from '#lib/kernel/log.ts';
import { missingMigrations } from '#lib/status/missing-migrations.ts';

class OldStoreError extends Error {}

/** Throws where the store is older than this version: its statements would fail one by one. */
async function checkMigrations(): Promise<void> {
  const missing = await missingMigrations();
  if (missing.length === 0) return;
  throw new OldStoreError(
    `the store lacks ${missing.length === 1 ? 'the migration' : `${missing.length} migrations, the last`} ${missing.at(-1)}. Nothing was changed. ` +
      'Run `npm start` once; or `npm run db:migrate` with the URL of the owner of the tables in DATABASE_URL.',
  );
}

/** Ends the process with one clear line where it must not serve: no database or one without all migrations, a missing, placeholder or wrong encryption key. */
export async function checkStart(): Promise<void> {
  try {
    await checkMigrations();
    await checkEncryptionKeys();
    await sealEarlierChains();
  } catch (error) {
    const reason =
      error instanceof KeySettingError || error instanceof KeyUnavailableError || error instanceof OldStoreError
        ? error.message
        : `the database at DATABASE_URL does not answer as it should (${JSON.stringify(describeError(error))}).`;
    process.stderr.write(`Rekey cannot start: ${reason}\n`);
    process.exit(1);
  }
}
