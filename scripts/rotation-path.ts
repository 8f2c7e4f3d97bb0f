// How far someone travels who reads a rotation from top to bottom.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAst } from 'rolldown/parseAst';

interface Node {
  type: string;
  [key: string]: unknown;
}

interface Module {
  /** What the file imports as a value: the name here, then the file and the name there. */
  imports: Map<string, readonly [file: string, name: string]>;
  /** The bodies of its functions and constants. */
  bodies: Map<string, Node>;
}

const ROOM = 'lib/rotation/';

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
const nameOf = (value: unknown): string => (isNode(value) ? String(value.name) : '');

function readModule(file: string): Module {
  const { body } = parseAst(readFileSync(file, 'utf8'), { lang: 'ts' }) as unknown as { body: Node[] };
  const module: Module = { imports: new Map(), bodies: new Map() };
  for (const statement of body) {
    const source = isNode(statement.source) ? String(statement.source.value) : '';
    if (statement.type === 'ImportDeclaration' && statement.importKind !== 'type' && /^[.#]/.test(source)) {
      const from = source.startsWith('#') ? source.slice(1) : join(dirname(file), source);
      for (const one of statement.specifiers as Node[]) if (one.importKind !== 'type') module.imports.set(nameOf(one.local), [from, nameOf(one.imported)]);
    }
    const declaration = isNode(statement.declaration) ? statement.declaration : statement;
    if (declaration.type === 'FunctionDeclaration' && isNode(declaration.body)) module.bodies.set(nameOf(declaration.id), declaration.body);
    if (declaration.type === 'VariableDeclaration')
      for (const { id, init } of declaration.declarations as Node[]) if (isNode(init)) module.bodies.set(nameOf(id), init);
  }
  return module;
}

/** The names that a piece of code refers to, in the order in which they are written; properties and types are left out. */
function namesIn(node: Node): string[] {
  if (node.type === 'Identifier') return [nameOf(node)];
  if (/^TS(?!AsExpression|SatisfiesExpression|NonNullExpression)/.test(node.type)) return [];
  const skipped =
    node.computed === true ? '' : node.type === 'MemberExpression' ? 'property' : node.type === 'Property' && node.shorthand !== true ? 'key' : '';
  return Object.entries(node).flatMap(([key, value]) => (key === skipped ? [] : [value].flat().filter(isNode).flatMap(namesIn)));
}

/**
 * Follows what `advanceRotation` calls, in the order in which it is written, into each function once. A stop is a file
 * that is entered, and a return is a stop in a file that was left before. Other folders than lib/rotation are not followed.
 */
export function measureRotationPath(): { stops: number; returns: number } {
  const modules = new Map<string, Module>();
  const entered = new Set<string>();
  const route: string[] = [];
  const enter = (file: string, name: string): void => {
    const module = modules.get(file) ?? readModule(file);
    modules.set(file, module);
    const body = module.bodies.get(name);
    if (!body || entered.has(`${file} ${name}`)) return;
    entered.add(`${file} ${name}`);
    if (route.at(-1) !== file) route.push(file);
    if (!file.startsWith(ROOM)) return;
    for (const other of namesIn(body)) enter(...(module.imports.get(other) ?? [file, other]));
  };
  enter(`${ROOM}advance.ts`, 'advanceRotation');
  return { stops: route.length, returns: route.length - new Set(route).size };
}
