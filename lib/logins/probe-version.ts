import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import type { Endpoint, Probe, Protection } from '#lib/engines/engine.ts';
import { probeCredential } from './probe-credential.ts';

/** `protection` is what guarded a login that was accepted. */
type VersionProbe = Probe & { protection: Protection | undefined };

/**
 * Tries one kept version of a login's password at one endpoint. Null where there is no such endpoint, or the password does
 * not open.
 * @throws {KeyUnavailableError}
 */
export async function probeVersion(credentialId: string, projectId: string, endpoint: Endpoint): Promise<VersionProbe | null> {
  try {
    const [answer] = await probeCredential(credentialId, projectId, endpoint);
    return answer ? { ...answer.probe, protection: answer.protection } : null;
  } catch (error) {
    if (error instanceof SealBrokenError) return null;
    throw error;
  }
}
