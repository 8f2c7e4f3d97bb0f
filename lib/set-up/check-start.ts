import { sealEarlierChains } from '#lib/audit/seal-earlier-chains.ts';
import { checkEncryptionKeys } from '#lib/crypto/check-keys.ts';
import { KeyUnavailableError } from '#lib/crypto/key-encryption-key.ts';
import { KeySettingError } from '#lib/crypto/read-key-ring.ts';
import { describeError } from '#lib/log.ts';

/** Ends the process with one clear line where it must not serve: a missing, placeholder or wrong encryption key, or no database. */
export async function checkStart(): Promise<void> {
  try {
    await checkEncryptionKeys();
    await sealEarlierChains();
  } catch (error) {
    const reason =
      error instanceof KeySettingError || error instanceof KeyUnavailableError
        ? error.message
        : `the database at DATABASE_URL does not answer as it should (${JSON.stringify(describeError(error))}).`;
    process.stderr.write(`Rekey cannot start: ${reason}\n`);
    process.exit(1);
  }
}
