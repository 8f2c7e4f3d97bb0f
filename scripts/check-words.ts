// Fails where a text that a person reads uses a word that Rekey does not use, and prints what to write instead.
import { globSync, readFileSync } from 'node:fs';
import { parseAst } from 'rolldown/parseAst';

/** Words to avoid, as a regular expression in which a space matches any white space, and what to write instead. */
const WORDS: readonly (readonly [word: string, instead: string])[] = [
  ['mend(?:s|ed|ing)?', 'fix'],
  ['under way', 'in progress'],
  ['who(?:m|so)?ever', 'the person or thing'],
  ['(?:break|breaks|broke|broken|breaking) off', 'fail'],
  [String.raw`(?:tells?|telling|told)(?! (?:\S+ ){0,3}apart)`, 'notify, report, show or send'],
  ['trails?', 'audit log'],
  ['audit records?|records? of the (?:audit )?log', 'audit event'],
  ['reconcilers?', 'sweep'],
  ['(?:an?|the|its?|each|every|next|last|first|this|that|one|two|further|another) looks?(?!-)', 'check'],
  ['look(?:s|ed|ing)? (?:at|whether|by itself|itself|again)', 'check, see or read'],
  ['faults? of (?:its|our|their) own|own faults?', 'internal error'],
  ['stands?|stood|standing', 'is'],
  ['(?:could|can|cannot|to) (?:not )?be had', 'could not load'],
  ['nobody (?:can|could) (?:say|tell)|nobody knows', 'it is not known'],
  ['nobody yet', 'manual consumer'],
  ['(?:is|are|was|were|be|been|being|stays?) away', 'unavailable or unreachable'],
  [String.raw`due(?! to\b)`, 'pending'],
  ['(?:is|are|be|been|being|was|were) asked(?! to)', 'requested, checked or tried'],
  ['asking for it', 'requesting, or the action itself'],
  ['prov(?:e|es|ed|en|ing) again', 'check again'],
  ['verify(?:ing)? (?:the )?connections?', 'check the connection'],
  ['verdicts?', 'result'],
  ["(?:server|pooler|proxy|rekey)(?:'|’)s words?", 'answer'],
  [
    '(?:server|pooler|proxy|database) (?:has |had |also |already |still )?refuse[sd]? (?:the|this|that|its|both|it)(?: (?:new|old|current|stored|wrong|password|login|one)){0,2}',
    'rejected',
  ],
  [
    '(?:old|current|present|stored|wrong) (?:one|password) (?:is|was|are|were|must be|has been|being) refused|(?:old|new|current|wrong) one refused',
    'rejected',
  ],
  ['changed there', 'drifted'],
  ['(?:sites?|vector) dialect', 'sites API'],
  ['present (?:password|one|url)', 'current'],
  ['puts? apart', 'separate'],
  ['colour(?:s|ed)?|honour(?:s|ed)?|behaviours?|recognis\\w+|authoris\\w+|initialis\\w+|favourite', 'the American spelling'],
];

const PATTERNS = WORDS.map(([word, instead]) => ({ pattern: new RegExp(String.raw`\b(?:${word.replaceAll(' ', String.raw`\s+`)})\b`, 'gi'), instead }));

const PAGES = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'deploy/README.md', 'docs/*.md'];
const SOURCES = '{app,cli,components,lib,workers}/**/*.{ts,tsx}';

export interface Found {
  line: number;
  word: string;
  instead: string;
}

/** A part of a file that a person reads, at its offset there. */
interface Text {
  start: number;
  text: string;
}

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** Strings that are read by programs alone: sources of imports, types, class names, SQL. */
const isForPrograms = ({ type, name, tag }: Node): boolean =>
  /^(?:ImportDeclaration|ExportAllDeclaration|TS(?!AsExpression|SatisfiesExpression|NonNullExpression).*)$/.test(type) ||
  (type === 'TaggedTemplateExpression' && !(isNode(tag) && tag.name === 'say')) ||
  (type === 'JSXAttribute' && isNode(name) && name.name === 'className');

/** A sentence or a label; a single word in lower case is a name. */
const isProse = (text: string): boolean =>
  (/\p{L}\S*\s+\S*\p{L}/u.test(text) || /^["'`]?\p{Lu}\p{Ll}+/u.test(text)) && !/^\W*(?:SELECT|INSERT|UPDATE|DELETE|ALTER)\b|\b(?:FROM|WHERE)\b/.test(text);

/** The strings and the JSX text of a module; comments are not among them. */
function textsOf(source: string, lang: 'ts' | 'tsx'): Text[] {
  const texts: Text[] = [];
  const visit = (node: Node): void => {
    if (isForPrograms(node)) return;
    const isText = node.type === 'JSXText' || node.type === 'TemplateElement' || (node.type === 'Literal' && typeof node.value === 'string');
    const text = isText ? source.slice(node.start, node.end) : '';
    if (isProse(text)) texts.push({ start: node.start, text });
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child);
  };
  visit(parseAst(source, { lang }) as unknown as Node);
  return texts;
}

/** A page without what is in back quotes: names of the API and of files. The offsets stay. */
const withoutCode = (page: string): string => page.replace(/(?<!`)`[^`\n]+`(?!`)/g, (code) => '`'.repeat(code.length));

/** The words to avoid in a page (.md) or in the texts of a module (.ts, .tsx), by line. */
export function findWords(path: string, content: string): Found[] {
  const texts = path.endsWith('.md') ? [{ start: 0, text: withoutCode(content) }] : textsOf(content, path.endsWith('x') ? 'tsx' : 'ts');
  const lineAt = (offset: number) => content.slice(0, offset).split('\n').length;
  return texts
    .flatMap(({ start, text }) =>
      PATTERNS.flatMap(({ pattern, instead }) =>
        [...text.matchAll(pattern)].map(({ 0: word, index }) => ({ line: lineAt(start + index), word: word.replace(/\s+/g, ' '), instead })),
      ),
    )
    .sort((a, b) => a.line - b.line);
}

/** Checks all pages and sources; prints each place and returns how many there are. */
export function checkWords(): number {
  const sources = globSync(SOURCES).filter((path) => !/(?:\.test|-contract)\.tsx?$/.test(path));
  const found = [...PAGES.flatMap((page) => globSync(page)), ...sources].flatMap((path) =>
    findWords(path, readFileSync(path, 'utf8')).map(({ line, word, instead }) => `${path}:${line}: "${word}": write ${instead}`),
  );
  for (const one of found) console.error(one);
  return found.length;
}

if (process.argv[1] === import.meta.filename) {
  const count = checkWords();
  console.log(`Words to avoid: ${count}.`);
  process.exitCode = count > 0 ? 1 : 0;
}
