// Fails where behavior is switched on the name of an engine or a provider, outside the files of that engine or provider.
import { globSync, readFileSync } from 'node:fs';
import { parseAst } from 'rolldown/parseAst';
import { ENGINE_NAMES } from '#lib/contract/engines/engines.ts';
import { PROVIDER_NAMES } from '#lib/contract/providers/providers.ts';

const NAMES: readonly string[] = [...ENGINE_NAMES, ...PROVIDER_NAMES, 'mariadb'];
const SOURCES = '{app,cli,components,lib,workers}/**/*.{ts,tsx}';
/** What belongs to one engine or provider may know its name and its siblings' (the Git host of a Vercel project), as tests may. */
const OWN_FILES = /^lib\/(?:engines|integrations)\/[^/]+\/|\.test\.tsx?$|-contract\.ts$/;
const IN_SQL = new RegExp(String.raw`\b(?:engine|provider)"?(?:::\w+)?\s*(?:=|<>|!=|(?:NOT\s+)?IN\s*\()\s*'(?:${NAMES.join('|')})'`, 'i');

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** A name as it is written, also behind `as` or in a template. */
function isName(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.type === 'Literal') return NAMES.includes(String(node.value));
  if (node.type === 'TemplateLiteral') return (node.quasis as { value: { cooked: string } }[]).some(({ value }) => NAMES.includes(value.cooked));
  return node.type === 'TSAsExpression' && isName(node.expression);
}

/** `[...].includes(x)`, `new Set([...]).has(x)` and `x.startsWith('mysql')`. */
const asksList = ({ type, callee, arguments: args }: Node): boolean => {
  if (type !== 'CallExpression' || !isNode(callee) || callee.type !== 'MemberExpression') return false;
  const { property, object } = callee;
  if (isNode(property) && property.name === 'startsWith') return (args as unknown[]).some((one) => isName(one) || (isNode(one) && one.value === 'postgres'));
  if (!isNode(property) || !['includes', 'has', 'indexOf'].includes(String(property.name)) || !isNode(object)) return false;
  const list = object.type === 'NewExpression' ? (object.arguments as unknown[])[0] : object;
  return isNode(list) && list.type === 'ArrayExpression' && (list.elements as unknown[]).some(isName);
};

/** A place that does one thing for one name and another for the others. */
const isSwitch = (node: Node): boolean =>
  (node.type === 'BinaryExpression' && /^[!=]==?$/.test(String(node.operator)) && (isName(node.left) || isName(node.right))) ||
  (node.type === 'SwitchCase' && isName(node.test)) ||
  (node.type === 'TemplateElement' && IN_SQL.test((node.value as { raw: string }).raw)) ||
  asksList(node);

/** The lines of a module at which behavior is switched on a name. */
export function findSwitches(path: string, content: string): number[] {
  const lines: number[] = [];
  const visit = (node: Node): void => {
    if (isSwitch(node)) lines.push(content.slice(0, node.start).split('\n').length);
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child);
  };
  visit(parseAst(content, { lang: path.endsWith('x') ? 'tsx' : 'ts' }) as unknown as Node);
  return lines;
}

if (process.argv[1] === import.meta.filename) {
  const found = globSync(SOURCES)
    .filter((path) => !OWN_FILES.test(path))
    .flatMap((path) => findSwitches(path, readFileSync(path, 'utf8')).map((line) => `${path}:${line}`));
  for (const place of found)
    console.error(`${place}: behavior is switched on a name. State a capability in lib/contract/engines, lib/contract/providers, or the engine’s own files.`);
  console.log(`Behavior switched on a name: ${found.length}.`);
  process.exitCode = found.length > 0 ? 1 : 0;
}
