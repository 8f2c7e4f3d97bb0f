import { WpConfigError } from '#lib/contract/wp-config-failures.ts';

/** A piece of PHP code, without white space and comments. */
export interface PhpToken {
  kind: 'name' | 'text' | 'sign';
  start: number;
  end: number;
}

const OPEN_TAG = /<\?(?:php(?=[ \t\r\n]|$)|=)/gi;
const NAME = /[$\\]?[A-Za-z_\x80-\xff][\w\x80-\xff\\]*/y;
const SPACE = /\s+/y;
const LINE_COMMENT = /(?:\/\/|#(?!\[))(?:(?!\?>)[^\r\n])*/y;
const HEREDOC = /<<<[ \t]*(["']?)([A-Za-z_\x80-\xff][\w\x80-\xff]*)\1(?:\r\n|\r|\n)/y;
const LONG_SIGN = /->|\?->|::/y;

const unparsable = () => new WpConfigError('wp_config_unparsable');

/**
 * The tokens of a PHP file, as its manual's "Language Reference" (tags, comments, strings) tells them apart. Knows just
 * enough to say where code stands and where text, comments and what is outside the tags do.
 * @throws {WpConfigError} wp_config_unparsable where something has no end
 */
export function readTokens(code: string): PhpToken[] {
  const tokens: PhpToken[] = [];
  OPEN_TAG.lastIndex = 0;
  for (let tag = OPEN_TAG.exec(code); tag; tag = OPEN_TAG.exec(code)) {
    const end = readCode(code, tag.index + tag[0].length, tokens, null);
    if (end === null) break;
    OPEN_TAG.lastIndex = end;
  }
  return tokens;
}

/** Reads code from `at` until `?>`, or the brace that closes an expression within a text. Answers where it goes on; null: nothing more counts. */
function readCode(code: string, at: number, tokens: PhpToken[], until: '}' | null): number | null {
  let depth = 0;
  let i = at;
  while (i < code.length) {
    const skipped = skip(code, i);
    if (skipped > i) {
      i = skipped;
      continue;
    }
    if (until === null && code.startsWith('?>', i)) return i + 2;
    const token = readToken(code, i);
    tokens.push(token);
    i = token.end;
    const text = code.slice(token.start, token.end);
    if (token.kind === 'name' && /^__halt_compiler$/i.test(text)) return null;
    if (text === '{') depth += 1;
    if (text === '}' && until && depth-- === 0) return i;
  }
  if (until) throw unparsable();
  return null;
}

const matchAt = (pattern: RegExp, code: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(code);
};

/** Where white space or a comment at `at` ends; `at` where there is none. */
function skip(code: string, at: number): number {
  const blank = matchAt(SPACE, code, at) ?? matchAt(LINE_COMMENT, code, at);
  if (blank) return at + blank[0].length;
  if (!code.startsWith('/*', at)) return at;
  const end = code.indexOf('*/', at + 2);
  if (end < 0) throw unparsable();
  return end + 2;
}

function readToken(code: string, start: number): PhpToken {
  const first = code[start] ?? '';
  if (first === "'" || first === '"' || first === '`') return { kind: 'text', start, end: endOfText(code, start, first) };
  const heredoc = matchAt(HEREDOC, code, start);
  if (heredoc) return { kind: 'text', start, end: endOfHeredoc(code, start + heredoc[0].length - 1, heredoc[2] ?? '') };
  const name = matchAt(NAME, code, start);
  if (name) return { kind: 'name', start, end: start + name[0].length };
  return { kind: 'sign', start, end: start + (matchAt(LONG_SIGN, code, start)?.[0].length ?? 1) };
}

function endOfText(code: string, start: number, quote: string): number {
  for (let i = start + 1; i < code.length; i++) {
    if (code[i] === '\\') i += 1;
    else if (code[i] === quote) return i + 1;
    // An expression in braces may hold quotes of its own.
    else if (quote !== "'" && (code.startsWith('{$', i) || code.startsWith('${', i))) i = endOfExpression(code, i) - 1;
  }
  throw unparsable();
}

function endOfExpression(code: string, at: number): number {
  const end = readCode(code, code.indexOf('{', at) + 1, [], '}');
  if (end === null) throw unparsable();
  return end;
}

/** The closing label stands first in its line, but for white space, from the line break before the text on. */
function endOfHeredoc(code: string, at: number, label: string): number {
  const closing = new RegExp(`[\\r\\n][ \\t]*${label}(?![\\w\\x80-\\xff])`, 'g');
  closing.lastIndex = at;
  const found = closing.exec(code);
  if (!found) throw unparsable();
  return found.index + found[0].length;
}
