import { dirname, isAbsolute, join } from 'node:path';
import { WpConfigError, type WpConfigFailure } from '#lib/contract/wp-config-failures.ts';
import type { Found } from './found.ts';
import { decodeText } from './php-text.ts';
import { type PhpToken, readTokens } from './php-tokens.ts';

const NAME = 'DB_PASSWORD';

/** What a PHP file does before a point in it that may define the password too. */
export interface Before {
  /** The files it loads, in order; null where only PHP itself can tell which. */
  includes: (string | null)[];
  /** It runs code or defines names that only PHP itself can tell. */
  isDynamic: boolean;
}

/** The one definition of the password in a PHP file. */
export interface PhpDefinition extends Found, Before {
  /** Where its statement ends, and what closes the blocks it stands in. */
  statementEnd: number;
  closers: string[];
}

/** A PHP file as its tokens, with the few questions that are asked of it. Holds one byte in each character. */
class PhpFile {
  readonly code: string;
  readonly tokens: PhpToken[];

  constructor(code: string) {
    this.code = code;
    this.tokens = readTokens(code);
  }

  /** The source of token `i`; names in lower case, as keywords and functions have none. */
  at(i: number): string {
    const token = this.tokens[i];
    if (!token) return '';
    const text = this.code.slice(token.start, token.end);
    return token.kind === 'name' && !text.startsWith('$') ? text.toLowerCase().replace(/^\\/, '') : text;
  }

  /** Whether token `i` is the name of a constant, where capitals count. */
  isConstant(i: number, name: string): boolean {
    const token = this.tokens[i];
    return token?.kind === 'name' && this.code.slice(token.start, token.end) === name;
  }

  /** The plain text that token `i` stands for; null where it is none. */
  textAt(i: number): string | null {
    const token = this.tokens[i];
    return token?.kind === 'text' ? decodeText(this.code.slice(token.start, token.end)) : null;
  }

  /** Whether token `i` is a function or a keyword of its own: no method, property or declaration. */
  isFree(i: number): boolean {
    return this.tokens[i]?.kind === 'name' && !/^(?:->|\?->|::|function|new)$/.test(this.at(i - 1));
  }

  /** The index behind the bracket that closes the one at `open`. */
  behindBrackets(open: number): number {
    let depth = 0;
    for (let i = open; i < this.tokens.length; i++) {
      if (this.tokens[i]?.kind !== 'sign') continue;
      if (/^[([{]$/.test(this.at(i))) depth += 1;
      if (/^[)\]}]$/.test(this.at(i)) && --depth === 0) return i + 1;
    }
    return this.tokens.length;
  }

  /** Tokens `from` up to `to`, in one text; plain texts as they are read. */
  say(from: number, to: number): string {
    const words: string[] = [];
    for (let i = from; i < to; i++) words.push(this.textAt(i) === null ? this.at(i) : `'${this.textAt(i)}'`);
    return words.join(' ');
  }
}

/** The tokens of a definition: its first one, and the value with what must follow it. */
interface Definition {
  at: number;
  value: number;
  end: RegExp;
}

const isInNamespace = (file: PhpFile, until: number): boolean =>
  file.tokens.slice(0, until).some((_, n) => file.at(n) === 'namespace' && file.isFree(n) && file.tokens[n + 1]?.kind === 'name');

function findDefinitions(file: PhpFile): Definition[] {
  return file.tokens.flatMap((_, i): Definition[] => {
    const at = file.at(i);
    if (at === 'define' && file.isFree(i) && file.at(i + 1) === '(' && file.textAt(i + 2) === NAME && file.at(i + 3) === ',')
      return [{ at: i, value: i + 4, end: /^[),]$/ }];
    // A `const` of a namespace is another constant.
    if (at !== 'const' || !file.isFree(i) || isInNamespace(file, i)) return [];
    // One `const` may define several names.
    for (let n = i + 1; n < file.tokens.length && file.at(n) !== ';'; n++) {
      const isFirst = file.at(n - 1) === 'const' || file.at(n - 1) === ',';
      if (isFirst && file.isConstant(n, NAME) && file.at(n + 1) === '=') return [{ at: i, value: n + 2, end: /^[;,]$/ }];
    }
    return [];
  });
}

const GUARDS = [
  `if ( ! defined ( '${NAME}' ) )`,
  `defined ( '${NAME}' ) or`,
  `defined ( '${NAME}' ) | |`,
  `! defined ( '${NAME}' ) and`,
  `! defined ( '${NAME}' ) & &`,
];
/** What stops a file that was not loaded by WordPress. */
const ENTRY_GUARDS = ["if ( ! defined ( 'abspath' ) )", "defined ( 'abspath' ) or", "defined ( 'abspath' ) | |"];

interface Block {
  closer: string;
  /** Entered unless the password is defined already: that is found out by itself. */
  isGuard: boolean;
  isEntryGuard: boolean;
  isFunction: boolean;
  parens: number;
}

const ALTERNATIVE = /^(?:if|elseif|else|while|for|foreach|switch)$/;
const ENDING = /^(?:return|exit|die|throw|goto|__halt_compiler)$/;

/** Walks the statements before token `until`: whether that one is always reached, and the blocks it stands in. */
function walk(file: PhpFile, until: number): { isAlways: boolean; blocks: Block[] } {
  const blocks: Block[] = [];
  let isAlways = true;
  let statement = 0;
  let parens = 0;
  const enter = (closer: string, i: number) => {
    const header = file.say(statement, i);
    const isBare = header === '';
    const isFunction = /(?:^| )(?:function|fn|class|interface|trait|enum)(?: |$)/.test(header);
    blocks.push({ closer, parens, isFunction, isGuard: isBare || GUARDS.includes(header), isEntryGuard: ENTRY_GUARDS.includes(header.toLowerCase()) });
    parens = 0;
    statement = i + 1;
  };
  const leave = (i: number) => {
    parens = blocks.pop()?.parens ?? 0;
    if (parens === 0) statement = i + 1;
  };
  for (let i = 0; i < until; i++) {
    const word = file.at(i);
    const { kind } = file.tokens[i] ?? {};
    if (kind === 'sign') {
      if (word === '(' || word === '[') parens += 1;
      else if (word === ')' || word === ']') parens -= 1;
      else if (word === '{') enter('}', i);
      else if (word === '}') leave(i);
      else if (word === ';' && parens === 0) statement = i + 1;
      else if (word === ':' && parens === 0 && isAlternative(file, statement, i)) {
        const first = file.at(statement);
        if (first === 'else' || first === 'elseif') blocks.pop();
        enter(first === 'else' || first === 'elseif' ? 'endif;' : `end${first};`, i);
      }
    } else if (kind === 'name' && file.isFree(i)) {
      if (/^end(?:if|while|for|foreach|switch)$/.test(word)) blocks.pop();
      const inFunction = blocks.some(({ isFunction }) => isFunction);
      const isEntry = blocks.at(-1)?.isEntryGuard || ENTRY_GUARDS.includes(file.say(statement, i).toLowerCase());
      if (ENDING.test(word) && !inFunction && !isEntry) isAlways = false;
    }
  }
  const prefix = file.say(statement, until);
  const isPlain = prefix === '' || prefix === '@' || GUARDS.includes(prefix);
  return { isAlways: isAlways && isPlain && blocks.every(({ isGuard }) => isGuard), blocks };
}

/** Whether the colon at `i` opens a block in the alternative syntax: it stands right behind the condition. */
function isAlternative(file: PhpFile, statement: number, i: number): boolean {
  const first = file.at(statement);
  if (!ALTERNATIVE.test(first)) return false;
  return i === (first === 'else' ? statement + 1 : file.behindBrackets(statement + 1));
}

/** Where a file is, and the folder of WordPress, with a slash: what ABSPATH stands for. Null where it is not known. */
export interface Folders {
  folder: string;
  abspath: string | null;
}

/** What is loaded or run before token `until` that may define the password. */
function readBefore(file: PhpFile, until: number, folders: Folders): Before {
  const before: Before = { includes: [], isDynamic: false };
  for (let i = 0; i < until; i++) {
    const word = file.at(i);
    // Its name may be handed to any function, but for the question whether it is defined.
    if (file.textAt(i) === NAME && file.at(i - 2) !== 'defined') before.isDynamic = true;
    if (file.tokens[i]?.kind !== 'name' || !file.isFree(i)) continue;
    if (/^(?:include|require)(?:_once)?$/.test(word)) before.includes.push(readInclude(file, i + 1, folders));
    if (word === 'eval' || (word === 'define' && file.at(i + 1) === '(' && file.textAt(i + 2) === null)) before.isDynamic = true;
  }
  return before;
}

/** The path in an include statement: texts, __DIR__ and dirname() put together; null where it is anything else. */
function readInclude(file: PhpFile, from: number, { folder, abspath }: Folders): string | null {
  let i = from;
  const term = (): string | null => {
    const text = file.textAt(i);
    const word = file.at(i);
    i += 1;
    if (text !== null) return Buffer.from(text, 'latin1').toString();
    if (word === '__dir__') return folder;
    if (word === '__file__') return join(folder, 'wp-config.php');
    if (word === 'abspath') return abspath;
    if (word === '(') return closed(sum());
    if (word !== 'dirname' || file.at(i) !== '(') return null;
    i += 1;
    const inner = sum();
    return inner === null ? null : closed(dirname(inner));
  };
  const closed = (value: string | null): string | null => {
    if (file.at(i) !== ')') return null;
    i += 1;
    return value;
  };
  const sum = (): string | null => {
    let whole = term();
    while (file.at(i) === '.') {
      i += 1;
      const next = term();
      whole = whole === null || next === null ? null : whole + next;
    }
    return whole;
  };
  const path = sum();
  if (path === null || !/^[;)]?$/.test(file.at(i)) || /^[\w.+-]+:\/\//.test(path)) return null;
  // Read on the machine of the site: nothing of it belongs to the build.
  return isAbsolute(path) ? path : join(/* turbopackIgnore: true */ folder, path);
}

/** Why no definition is found: it may be written in another form, such as with named arguments. */
function whyNone(file: PhpFile): WpConfigFailure {
  if (/\benv\s*\(\s*['"]DB_PASSWORD|config\/application\.php/.test(file.code)) return 'wp_config_bedrock';
  const isDefined = file.tokens.some((_, i) => file.at(i) === 'define' && file.isFree(i) && file.say(i, file.behindBrackets(i + 1)).includes(`'${NAME}'`));
  return isDefined ? 'wp_config_not_plain' : 'wp_config_no_define';
}

/**
 * Finds the definition of DB_PASSWORD in a PHP file, and what decides whether it is the one that counts.
 * @throws {WpConfigError} where there is none, more than one, its value is no plain text, or it does not always run
 */
export function findPhpDefinition(code: string, folders: Folders): PhpDefinition {
  const file = new PhpFile(code);
  const definitions = findDefinitions(file);
  const [definition] = definitions;
  if (!definition) throw new WpConfigError(whyNone(file));
  if (definitions.length > 1) throw new WpConfigError('wp_config_two_defines');
  const value = file.tokens[definition.value];
  const password = definition.end.test(file.at(definition.value + 1)) ? file.textAt(definition.value) : null;
  if (!value || password === null) {
    const isEnvironment = /^(?:\$_ENV|\$_SERVER|@|getenv|env|getenv_docker)$/i.test(file.at(definition.value));
    throw new WpConfigError(isEnvironment ? 'wp_config_environment' : 'wp_config_not_plain');
  }
  const { isAlways, blocks } = walk(file, definition.at);
  if (!isAlways) throw new WpConfigError('wp_config_conditional');
  let end = definition.value + 1;
  while (end < file.tokens.length && file.at(end) !== ';') end += 1;
  return {
    start: value.start,
    end: value.end,
    password: Buffer.from(password, 'latin1').toString(),
    ...readBefore(file, definition.at, folders),
    statementEnd: file.tokens[end]?.end ?? code.length,
    closers: blocks.map(({ closer }) => closer).reverse(),
  };
}

/** What a file that is loaded before says of the password: it defines it, or may by what it loads in turn. */
export function readIncluded(code: string, folders: Folders): Before & { defines: boolean } {
  const file = new PhpFile(code);
  const before = readBefore(file, file.tokens.length, folders);
  // A text that names it, but for the question whether it is defined, may be handed to anything.
  const isNamed = file.tokens.some((_, i) => file.textAt(i)?.includes(NAME) && file.at(i - 2) !== 'defined');
  return { ...before, defines: findDefinitions(file).length > 0, isDynamic: before.isDynamic || isNamed };
}

/** The definition's file as PHP is asked to run it: up to the definition, with another value in it, and `then` behind it. */
export function cutForProof(code: string, path: string, { start, end, statementEnd, closers }: PhpDefinition, marker: string, then: string): string {
  // Read from standard input PHP knows neither.
  const names: Record<string, string> = { __dir__: quote(dirname(path)), __file__: quote(path) };
  const file = new PhpFile(code);
  let text = '';
  let at = 0;
  const replace = (from: number, to: number, by: string) => {
    text += code.slice(at, from) + by;
    at = to;
  };
  for (const [i, token] of file.tokens.entries()) {
    if (token.start >= statementEnd) break;
    if (token.start === start) replace(start, end, quote(marker));
    else if (token.kind === 'name' && names[file.at(i)]) replace(token.start, token.end, names[file.at(i)] ?? '');
  }
  return `${text}${code.slice(at, statementEnd)};${closers.join('')} ${then}`;
}

const quote = (text: string): string => `'${Buffer.from(text).toString('latin1').replace(/[\\']/g, '\\$&')}'`;
