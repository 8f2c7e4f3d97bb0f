import type { RightsWire } from '#lib/contract/project.ts';
import type { EngineFailure, EngineName, Inspection } from '#lib/engines/engine.ts';
import type { RotationFailure } from '#lib/logins/failure-codes.ts';

export type Note = RightsWire['notes'][number];
export interface Where {
  roleName: string;
  pooledPort: number | null;
  rotatorName: string | null;
  /** The same login is known under another name of its server. */
  hasTwin: boolean;
  server: { engine: EngineName };
  /** Whether a person chose to have its passwords sent as they are. */
  sendsPlaintext: boolean;
  /** Whether a password that Rekey made has logged in through the pooler. */
  isPoolerProven: boolean;
}

/** What a person reads otherwise for one engine than for another. */
export interface Terms {
  /** Texts where a failure has other causes, or another fix, than the common one. */
  failures: Partial<Record<RotationFailure, string>>;
  /** Why a password may be rejected though it is right, as a sentence with a space before it; empty where there is no such reason. */
  otherwiseRejected: string;
  /** What to do where a change fails, beside what the failure itself says. */
  changeAdvice: Partial<Record<EngineFailure, string>>;
  /** What a role without a rotator can do. */
  noteOwnChange(found: Inspection, roleName: string): Note;
  /** What a rotator lacks. */
  rotatorNeeds(found: Inspection, names: { roleName: string; rotatorName: string }): string;
  /** What holds of every login on such a server. */
  noteLogin(found: Inspection, where: Where): Note[];
}

export const changesItself = (roleName: string): Note => ({ tone: 'ok', text: `Rotating works: ${roleName} may change its own password.` });
