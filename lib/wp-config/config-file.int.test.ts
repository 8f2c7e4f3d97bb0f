// PHP itself reads what was written; the file system says what stands in the way.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WP_CONFIGS } from '#scripts/testing/wp-configs.ts';
import { proveReplaceable, readConfigFile, replaceConfigFile } from './config-file.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekey-wp-'));
  path = join(dir, 'wp-config.php');
  writeFileSync(join(dir, 'wp-settings.php'), '<?php\n');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const READ = 'ob_start(); require $argv[1]; ob_end_clean(); fwrite(STDOUT, DB_PASSWORD);';
const readByPhp = (file: string): string => execFileSync('php', ['-n', '-d', 'display_errors=0', '-r', READ, file], { encoding: 'utf8' });

/** Writes a password into a file of this form; answers what PHP makes of it. */
async function writeAndRead(text: string, password: string): Promise<string> {
  writeFileSync(path, Buffer.from(text.replace('%PW%', 'before'), text.includes('\u{e9}') ? 'latin1' : 'utf8'));
  const file = await readConfigFile(path);
  await proveReplaceable(file);
  await replaceConfigFile(file, password);
  return readByPhp(path);
}

const ODD = `it's "$odd" {$a} \\n \\\\ ?> <?php /* wörd ✓ \\`;

it.each(Object.entries(WP_CONFIGS))('a file %s is read by PHP with any password', async (_, text) => {
  expect(await writeAndRead(text, ODD)).toBe(ODD);
});

it('a file is read by PHP with a password of ours', async () => {
  expect(await writeAndRead(WP_CONFIGS['of the sample']!, 'Zk3-generated_0')).toBe('Zk3-generated_0');
});

const write = (mode = 0o640) => {
  writeFileSync(path, WP_CONFIGS['of the sample']!.replace('%PW%', 'before'));
  chmodSync(path, mode);
};
const refused = async (run: Promise<unknown>) => run.then(() => null).catch((error: { code: string }) => error.code);

describe('replacing', () => {
  it('keeps owner and permissions, and leaves nothing beside the file', async () => {
    write(0o640);
    if (process.getuid?.() === 0) chownSync(path, 33, 33);
    const before = statSync(path);
    const file = await readConfigFile(path);
    await proveReplaceable(file);
    expect(statSync(path).ino).toBe(before.ino);
    await replaceConfigFile(file, 'after');
    expect(readByPhp(path)).toBe('after');
    const { uid, gid, mode } = statSync(path);
    expect([uid, gid, mode]).toEqual([before.uid, before.gid, before.mode]);
    expect(readdirSync(dir).sort()).toEqual(['wp-config.php', 'wp-settings.php']);
  });

  it('overwrites what a crash left behind', async () => {
    write();
    writeFileSync(join(dir, '.wp-config.rekey.php'), 'half');
    await replaceConfigFile(await readConfigFile(path), 'after');
    expect(readdirSync(dir).sort()).toEqual(['wp-config.php', 'wp-settings.php']);
  });

  it('does not undo what somebody else wrote meanwhile', async () => {
    write();
    const file = await readConfigFile(path);
    writeFileSync(path, '<?php // mine, and longer than it was before\n'.repeat(100));
    expect(await refused(replaceConfigFile(file, 'after'))).toBe('wp_config_changed');
    expect(readFileSync(path, 'utf8')).toContain('mine');
    expect(readdirSync(dir)).toHaveLength(2);
  });
});

describe('is refused where the file', () => {
  it('is not there', async () => {
    expect(await refused(readConfigFile(path))).toBe('wp_config_missing');
    expect(await refused(readConfigFile(join(path, 'wp-config.php')))).toBe('wp_config_missing');
  });

  it('is a symbolic link, a folder or a pipe', async () => {
    write();
    symlinkSync(path, join(dir, 'link.php'));
    mkdirSync(join(dir, 'folder.php'));
    execFileSync('mkfifo', [join(dir, 'pipe.php')]);
    for (const name of ['link.php', 'folder.php', 'pipe.php']) expect(await refused(readConfigFile(join(dir, name)))).toBe('wp_config_not_a_file');
  });

  it('is larger than 1 MB', async () => {
    writeFileSync(path, Buffer.alloc(1_048_577));
    expect(await refused(readConfigFile(path))).toBe('wp_config_too_large');
  });

  it('is read-only', async () => {
    write(0o440);
    expect(await refused(proveReplaceable(await readConfigFile(path)))).toBe('wp_config_read_only');
    expect(lstatSync(path).mode & 0o777).toBe(0o440);
  });
});
