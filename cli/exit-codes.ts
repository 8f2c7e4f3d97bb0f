/** What the program ends with; documented in docs/cli.md. */
export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  notAllowed: 3,
  notFound: 4,
  conflict: 5,
  /** The rotation failed; the old password is proven valid, or the change was never sent. */
  rotationFailed: 6,
  /** Which password works is not known. */
  notKnown: 7,
  noAnswer: 8,
  auditBroken: 9,
  /** Values that none of the keys opens. */
  unreadable: 10,
  /** Rows of an import that did not land, or will not. */
  rowsFailed: 11,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the program with a sentence and a code. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;
  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.name = 'CommandFailure';
    this.exitCode = exitCode;
  }
}

/** The code for an answer of the API; `status` 0 stands for none. */
export function exitCodeOf(status: number): ExitCode {
  if (status === 0 || status >= 500) return EXIT.noAnswer;
  if (status === 401 || status === 403) return EXIT.notAllowed;
  if (status === 404) return EXIT.notFound;
  if (status === 409) return EXIT.conflict;
  return status === 400 || status === 422 ? EXIT.usage : EXIT.unexpected;
}
