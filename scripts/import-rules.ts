// Who may import whom, by folder. Type imports count: knowing the shape of a thing is knowing the thing.
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType, type IModule } from 'dependency-cruiser';

/** Tests, and the contracts that tests run, may reach anything. */
const TESTS = String.raw`\.test\.tsx?$|-contract\.ts$`;
const PRISMA = '^generated/|^node_modules/@prisma/';
const STORE = `${PRISMA}|^node_modules/pg/`;
const SCREENS = '^(app|components|scripts)/|^node_modules/(next|react|@tanstack)/';

const rule = (name: string, comment: string, from: string, to: string, exceptions: { from?: string; to?: string } = {}): IForbiddenRuleType => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: [TESTS, ...(exceptions.from ? [exceptions.from] : [])] },
  to: { path: to, ...(exceptions.to && { pathNot: exceptions.to }) },
});

export const RULES: readonly IForbiddenRuleType[] = [
  rule(
    'entrances-call-verbs',
    'Pages, route handlers and workers call domain verbs, never the store or an engine.',
    '^(app|workers)/',
    String.raw`^lib/kernel/db\.ts|^lib/engines/|${STORE}`,
  ),
  rule(
    'integrations-reach-providers',
    'Only the verbs of lib/integrations reach the providers; call one of them.',
    '^(app|workers|lib)/',
    String.raw`^lib/integrations/(registry\.ts|[^/]+/)`,
    { from: '^lib/integrations/' },
  ),
  rule(
    'screens-know-the-contract',
    'Components run in the browser: of lib they know the contract alone.',
    '^components/',
    `^(lib|app|scripts)/|${STORE}|^node_modules/(pg-boss|pino)/`,
    { to: '^lib/contract/' },
  ),
  {
    name: 'screens-run-in-the-browser',
    comment: 'Components run in the browser, where the modules of Node are missing.',
    severity: 'error',
    from: { path: '^components/', pathNot: TESTS },
    to: { dependencyTypes: ['core'] },
  },
  rule(
    'command-line-is-a-client',
    'The command line is a client of the API: of the rest it knows the contract and the words of the screens.',
    '^cli/',
    '^(lib|components|app|scripts|generated)/',
    {
      to: String.raw`^lib/contract/|^components/(proofs/|policies/policy-words\.ts$|ui/sentence\.ts$)`,
    },
  ),
  rule(
    'contract-is-pure',
    'Both sides of the wire read the contract: it imports nothing of ours.',
    '^lib/contract/',
    `^(lib|app|components|scripts|workers)/|${STORE}`,
    {
      to: '^lib/contract/',
    },
  ),
  rule('lib-knows-no-screens', 'lib knows neither screens nor scripts.', '^lib/', SCREENS, { from: '^lib/(auth|http)/' }),
  rule('the-door-knows-no-screens', 'lib knows neither screens nor scripts.', '^lib/(auth|http)/', '^(app|components|scripts)/'),
  rule('rotation-reaches-engines', 'Only lib/logins and lib/rotation reach the engines; they export verbs for the others.', '^lib/', '^lib/engines/', {
    from: '^lib/(logins|rotation|engines)/',
    to: String.raw`^lib/engines/engine\.ts$`,
  }),
  rule('no-engine-by-name', 'The registry returns the engine of a server; nothing else names one.', '^lib/(logins|rotation)/', '^lib/engines/[^/]+/'),
  rule(
    'engines-know-no-store',
    'An engine knows its interface, its facts, the errors and crypto, nothing else of Rekey.',
    '^lib/engines/',
    `^lib/|${PRISMA}|^node_modules/next/`,
    {
      to: String.raw`^lib/(engines|crypto|contract/engines)/|^lib/kernel/(clock|errors)\.ts$`,
    },
  ),
  rule(
    'adapters-know-their-interface',
    'An adapter knows its interface, its address and secrets, nothing else of Rekey.',
    '^lib/integrations/[^/]+/',
    `^lib/|${PRISMA}|^node_modules/next/`,
    { to: String.raw`^lib/(integrations|contract)/|^lib/kernel/env\.ts$|^lib/crypto/secret\.ts$` },
  ),
  {
    name: 'adapters-do-not-know-each-other',
    comment: 'An adapter does not know the others.',
    severity: 'error',
    from: { path: '^lib/integrations/([^/]+)/' },
    to: { path: '^lib/integrations/[^/]+/', pathNot: '^lib/integrations/$1/' },
  },
  {
    name: 'no-file-cycles',
    comment: 'Files that import each other are one file, or need a third for what they share.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'imports-resolve',
    comment: 'An import that leads nowhere would also escape the other rules.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

const OPTIONS: ICruiseOptions = {
  validate: true,
  ruleSet: { forbidden: [...RULES] },
  // TypeScript 7 has no parser that a program could call.
  parser: 'swc',
  tsPreCompilationDeps: true,
  doNotFollow: { path: '^(node_modules|generated)/' },
};

const RESOLVE = { extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] };

const FOLDERS = ['app', 'cli', 'components', 'lib', 'scripts', 'workers'];

/** All modules of a checkout, what each imports, and which rules that breaks. */
export async function readImports(baseDir: string, folders: readonly string[] = FOLDERS): Promise<ICruiseResult> {
  const { output } = await cruise([...folders], { ...OPTIONS, baseDir }, RESOLVE);
  if (typeof output === 'string') throw new Error(output);
  return output;
}

/** The room of lib/rotation/steps/apply.ts in lib is rotation, in lib/rotation steps. A file of the parent itself is in none. */
const roomOf = (path: string, parent: string): string | undefined => {
  const [room, ...rest] = path.startsWith(`${parent}/`) ? path.slice(parent.length + 1).split('/') : [];
  return rest.length > 0 ? room : undefined;
};

/** The rooms of a folder that reach each other, in whatever way, as the names of each such group; tests are left out. */
export function findRoomCycles(modules: readonly Pick<IModule, 'source' | 'dependencies'>[], parent: string): string[] {
  const known = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules) {
    const room = roomOf(source, parent);
    if (!room || new RegExp(TESTS).test(source)) continue;
    const rooms = dependencies.map(({ resolved }) => roomOf(resolved, parent)).filter((other) => other !== undefined);
    known.set(room, new Set([...(known.get(room) ?? []), ...rooms]));
  }
  const reach = (room: string, seen: Set<string>): Set<string> => {
    for (const next of known.get(room) ?? []) if (!seen.has(next)) reach(next, seen.add(next));
    return seen;
  };
  const reached = new Map([...known.keys()].map((room) => [room, reach(room, new Set([room]))]));
  const groups = [...reached].map(([room, seen]) => [...seen].filter((other) => reached.get(other)?.has(room)).sort());
  return [...new Set(groups.filter(({ length }) => length > 1).map((group) => group.join(' ')))];
}

/** Prints each forbidden import and each cycle of folders; returns how many there are that are not known. */
export async function checkRooms(baseDir: string): Promise<number> {
  const { modules, summary } = await readImports(baseDir);
  for (const { rule: broken, from, to } of summary.violations) {
    const { comment } = RULES.find(({ name }) => name === broken.name) ?? {};
    console.error(`${from} must not import ${to}. ${comment}`);
  }
  const cycles = ['lib', 'components'].flatMap((parent) => {
    const inside = [...new Set(modules.map(({ source }) => roomOf(source, parent)))].filter((room) => room !== undefined).map((room) => `${parent}/${room}`);
    const found = [parent, ...inside].flatMap((folder) => findRoomCycles(modules, folder).map((cycle) => `${folder}/: ${cycle}`));
    console.log(`Folder cycles in ${parent}/: ${found.length}.`);
    return found;
  });
  for (const cycle of cycles) console.error(`These folders import each other in a circle, in ${cycle}`);
  const sources = modules.filter(({ source }) => FOLDERS.some((folder) => source.startsWith(`${folder}/`)) && !new RegExp(TESTS).test(source));
  console.log(`Source files: ${sources.length}.`);
  return summary.violations.length + cycles.length;
}
