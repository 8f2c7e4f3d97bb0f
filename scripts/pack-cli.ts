// Packs the command line as one file without dependencies, to be installed where the repository is not: node scripts/pack-cli.ts [folder]
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import packageJson from '#package.json' with { type: 'json' };
import { root } from './run-tool.ts';

/** The folder of each package that is part of the bundle, from the modules' paths. */
function packageFolders(moduleIds: string[]): string[] {
  const folders = moduleIds.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/** The licenses of what the file contains: most of them ask to be kept with every copy. */
function licensesOf(folders: string[]): string {
  return folders
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), 'utf8').trim() : ''}\n`;
    })
    .join(`\n${'-'.repeat(40)}\n\n`);
}

async function bundle(file: string): Promise<string[]> {
  const build = await rolldown({ input: join(root, 'cli/main.ts'), cwd: root, platform: 'node', logLevel: 'warn' });
  const { output } = await build.write({ file, format: 'esm', codeSplitting: false, banner: '#!/usr/bin/env node' });
  await build.close();
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
}

/** Writes `rekey-cli-VERSION.tgz` into the folder; returns its path. */
async function packCli(folder: string): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'rekey-pack-'));
  try {
    const moduleIds = await bundle(join(dir, 'rekey.mjs'));
    const { version, description, license } = packageJson;
    // Scoped and private: the name `rekey` on npm is somebody else's, and this one is never published by accident.
    const manifest = {
      name: '@rekey/cli',
      version,
      private: true,
      description,
      license,
      type: 'module',
      bin: { rekey: 'rekey.mjs' },
      engines: { node: '>=20.19' },
    };
    writeFileSync(join(dir, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    writeFileSync(join(dir, 'THIRD-PARTY-LICENSES'), licensesOf(packageFolders(moduleIds)));
    copyFileSync(join(root, 'LICENSE'), join(dir, 'LICENSE'));
    copyFileSync(join(root, 'docs/cli.md'), join(dir, 'README.md'));
    mkdirSync(folder, { recursive: true });
    await promisify(execFile)('npm', ['pack', dir, '--pack-destination', folder], { cwd: dir });
    const packed = join(folder, `rekey-cli-${version}.tgz`);
    if (!existsSync(packed)) throw new Error(`npm pack did not write ${packed}.`);
    return packed;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

console.log(await packCli(resolve(process.argv[2] ?? join(root, 'dist'))));
