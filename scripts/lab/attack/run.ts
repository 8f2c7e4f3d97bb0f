// A whole run: its servers and processes, its phases, and what is printed of it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from '#scripts/servers/free-port.ts';
import { PLACEMENTS } from './aim.ts';
import { type Finding, type Outcome, type Phase, play, rotateVictims } from './attack.ts';
import { startRekey } from './rekey.ts';
import { findUnlisted } from './routes.ts';
import { setStage } from './stage.ts';
import { attackHost, raiseTheatre, startEavesdropper } from './theatre.ts';

export interface RunOptions {
  /** The folder of the checkout that is attacked. */
  checkout: string;
  /** One address of each server, and unless `only` says otherwise the phases that tell the most. */
  isSmall: boolean;
  /** A text in `engine method placement`; all where it is empty. */
  only: string;
  say: (line: string) => void;
}

export interface Result {
  outcomes: Outcome[];
  findings: Finding[];
}

/** Every placement, and the methods by which a server learns the most, in about a minute on a quiet machine. */
const SMALL_PHASES = [
  'postgresql md5 direct',
  'postgresql md5 pooled',
  'postgresql scram i=1 rotator',
  'postgresql scram i=1 redirected',
  'postgresql trust redirected',
  'mysql caching_sha2 full pooled',
  'mysql caching_sha2 full redirected',
];

/** Attacks; the environment leads to the store where `DATABASE_URL` is set, else a store of its own is started. */
export async function runAttack({ checkout, isSmall, only, say }: RunOptions): Promise<Result> {
  const stops: (() => unknown)[] = [];
  try {
    if (!process.env.DATABASE_URL) {
      const module = await import(pathToFileURL(join(checkout, 'scripts/testing/control-database.ts')).href);
      const { startControlDatabase, cloneControlDatabase } = module as typeof import('#scripts/testing/control-database.ts');
      const control = await startControlDatabase();
      stops.push(control.stop);
      process.env.DATABASE_URL = await cloneControlDatabase(control.url);
    }
    const host = attackHost();
    // Read by the processes, and by this one when it imports their code.
    Object.assign(process.env, { REKEY_VERCEL_API_URL: `http://127.0.0.1:${await freePort()}`, REKEY_OUTBOUND_ALLOW: `127.0.0.0/8,${host}/32` });
    const rekey = await startRekey(checkout, {});
    stops.push(rekey.stop);
    const unlisted = findUnlisted(rekey.operations);
    if (unlisted.length > 0) throw new Error(`Say in scripts/lab/attack/routes.ts how these are attacked:\n${unlisted.join('\n')}`);
    const theatres = await Promise.all([raiseTheatre('postgresql', host), raiseTheatre('mysql', host)]);
    for (const theatre of theatres) stops.push(theatre.stop);
    const eavesdropper = await startEavesdropper(host);
    stops.push(eavesdropper.stop);
    const stage = await setStage(rekey, theatres, eavesdropper);
    stops.push(stage.stop);

    const result: Result = { outcomes: [], findings: [] };
    for (const theatre of theatres) {
      const phases: Phase[] = PLACEMENTS.flatMap((placement) =>
        theatre.methods
          .map((method) => ({ theatre, method, placement }))
          .filter((phase) => {
            const name = `${theatre.engine} ${phase.method} ${phase.placement}`;
            return isSmall && only === '' ? SMALL_PHASES.includes(name) : name.includes(only);
          }),
      );
      for (const [i, phase] of phases.entries()) {
        const began = performance.now();
        const outcome = await play(stage, phase, { isSmall });
        result.outcomes.push(outcome);
        result.findings.push(...outcome.findings);
        say(
          `${theatre.engine}, ${phase.method}, ${phase.placement}: ${outcome.requests} requests, ${outcome.dials} dials, ${outcome.credentials} credentials, ${((performance.now() - began) / 1000).toFixed(0)} s`,
        );
        const next = phases[i + 1];
        if (!next || (!isSmall && next.placement !== phase.placement)) result.findings.push(...(await rotateVictims(stage, theatre)));
      }
    }
    return result;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);

/** A line for each way to ask, a column for each placement: credentials, and in brackets how often the rogue server was dialed. */
export function report({ outcomes, findings }: Result): string {
  const rows = [...new Map(outcomes.map(({ engine, method }) => [`${engine} ${method}`, { engine, method }])).values()];
  const cell = (engine: string, method: string, placement: string): string => {
    const [one] = outcomes.filter((outcome) => outcome.engine === engine && outcome.method === method && outcome.placement === placement);
    return one ? `${one.credentials} (${one.dials})` : '-';
  };
  const table = [
    ['credentials (dials)', ...PLACEMENTS, 'no TLS, nothing reusable'],
    ...rows.map(({ engine, method }) => [
      `${engine} ${method}`,
      ...PLACEMENTS.map((placement) => cell(engine, method, placement)),
      String(sum(outcomes.filter((one) => one.engine === engine && one.method === method).map(({ harmless }) => harmless))),
    ]),
  ];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const kinds = new Map<string, Finding[]>();
  for (const finding of findings) kinds.set(finding.kind, [...(kinds.get(finding.kind) ?? []), finding]);
  return [
    ...table.map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')),
    ...[...kinds].flatMap(([kind, all]) => ['', `${kind} (${all.length})`, ...all.map(({ where, what }) => `  ${where}: ${what}`)]),
    '',
    `${sum(outcomes.map(({ requests }) => requests))} requests, ${sum(outcomes.map(({ dials }) => dials))} dials`,
    `${sum(outcomes.map(({ credentials }) => credentials))} credentials at a rogue server`,
  ].join('\n');
}
