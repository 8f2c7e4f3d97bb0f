/** Everything that is not text: control and format characters (those that turn the reading direction too), but for tab and line ends. */
const NOT_TEXT = /[^\P{C}\t\n]/gu;

/** Bytes of somebody else's as text that may be stored and shown: what is not UTF-8 is replaced, what is not text left out, a character cut short at the end too. */
export function answerText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes, { stream: true }).replaceAll('\r\n', '\n').replaceAll(NOT_TEXT, '');
}
