import type { Endpoint, EngineName, Login, Target } from '#lib/engines/engine.ts';
import type { RotationFailure } from '#lib/logins/failure-codes.ts';

/** What Rekey does with a server, a pooler or a login of one kind. */
export type Does =
  | { does: 'rotates' }
  /** `warning`: how a note beside the project begins. */
  | { does: 'rotates with a warning'; warning: string }
  /** The check at adoption, or a rotation asked for all the same, ends with this code; nothing on the server is changed. */
  | { does: 'refuses at adoption'; code: RotationFailure; endpoint?: Endpoint }
  /** Only the rotation shows it: the old password is put back and verified. */
  | { does: 'puts the old password back'; code: RotationFailure };

/** A row of docs/compatibility.md. */
export type Row = Does & {
  engine: EngineName;
  /** The kind of server, pooler or login, in the words of whoever runs it. */
  kind: string;
  /** What to do about it, in one sentence; left out where there is nothing to do. */
  advice?: string;
  /** Starts what the row is about, or takes a login on what other rows started already. */
  setUp: () => Promise<Subject>;
};

/** What a row is tried on. */
export interface Subject {
  target: Target;
  login: Login;
  rotator?: Login;
  /** Whether a person chose to have its passwords sent in plain text. */
  sendsPlaintext?: boolean;
  /** Logs in as an application would: by a URL as Rekey hands it out, read by a stock client. Rejects where that cannot. */
  logIn: (url: string) => Promise<void>;
  /** What the server holds of this login: the same text as long as nothing was changed. */
  held: () => Promise<string>;
  /** The same of everybody else's logins. */
  heldOfOthers: () => Promise<string>;
}
