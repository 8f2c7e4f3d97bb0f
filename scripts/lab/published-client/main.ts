// `npm run published-client -- http://127.0.0.1:3000/api/capydb KEY`: installs CapyDB's published MCP server (MIT) into a
// temporary folder and calls each of its tools against a running Rekey. It is no dependency of ours: it declares a
// package that the registry does not have, which it does not load.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { driveTools } from './drive-tools.ts';

const PACKAGE = '@capydb/mcp@1.11.0';
const [apiUrl, apiKey] = process.argv.slice(2);
if (!apiUrl || !apiKey) throw new Error('Give the base URL, with /api/capydb, and an API key.');

const folder = mkdtempSync(join(tmpdir(), 'rekey-client-'));
try {
  const npm = (...args: string[]) => execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8' });
  const archive = npm('pack', PACKAGE, '--silent').trim();
  execFileSync('tar', ['xzf', archive, '--strip-components=1'], { cwd: folder });
  const file = join(folder, 'package.json');
  const { dependencies, bin, type, name, version } = JSON.parse(readFileSync(file, 'utf8'));
  const loaded = Object.fromEntries(Object.entries(dependencies).filter(([dependency]) => !dependency.startsWith('@capydb/')));
  writeFileSync(file, JSON.stringify({ name, version, type, dependencies: loaded }));
  npm('install', '--silent');
  const { answered, refused, wrong } = await driveTools(join(folder, Object.values(bin)[0] as string), apiUrl, apiKey);
  console.log(`${PACKAGE}: ${answered.length} tools answered as they are typed, ${refused.length} were told that there is no such call.`);
  for (const { tool, text } of wrong) console.error(`${tool}: ${text}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
