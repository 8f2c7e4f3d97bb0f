const NAMED: Record<string, string> = { n: '\n', t: '\t', r: '\r', v: '\v', e: '\x1b', f: '\f', '\\': '\\', $: '$', '"': '"' };
const ESCAPE = /\\(?:u\{(0*(?:10|[0-9A-Fa-f])?[0-9A-Fa-f]{1,4})\}|x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|([\s\S]))/g;
/** A variable or an expression inside double quotes: `$name`, `${`, `{$` (PHP manual, "Variable parsing"). */
const INTERPOLATION = /\$(?:[A-Za-z_\x80-\xff]|\{)|\{\$/;

/**
 * The bytes that a quoted PHP string stands for; null where it is not plain: not in quotes, or with a variable in it.
 * Source and result hold one byte in each character (PHP manual, "Strings").
 */
export function decodeText(source: string): string | null {
  const body = source.slice(1, -1);
  if (source.startsWith("'")) return body.replace(/\\(['\\])/g, '$1');
  if (!source.startsWith('"')) return null;
  // An escape separates what stands before it from what follows: "pa$\"x" holds no variable.
  if (INTERPOLATION.test(body.replace(/\\[\s\S]/g, ' '))) return null;
  return body.replace(ESCAPE, (whole, unicode, hex, octal, letter) => {
    if (unicode !== undefined) return Buffer.from(String.fromCodePoint(Number.parseInt(unicode, 16))).toString('latin1');
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
    return NAMED[letter] ?? whole;
  });
}

/** A text as PHP reads it back exactly, in single quotes: no other sign has a meaning there. */
export const encodeText = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
