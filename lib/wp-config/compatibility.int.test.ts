// Files as they are in real life: PHP itself says which password counts, the file system whether it can be written.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mendConfigFile, proveReplaceable, readConfigFile, replaceConfigFile } from './config-file.ts';
import { proveEffective } from './effective.ts';
import type { WpConfigFailure } from './failures.ts';
import { readPassword, withPassword } from './find-password.ts';

const WWW_DATA = 33;
let dir: string;
let path: string;
/** Undoes what only the system can undo, last first. */
let undo: (() => void)[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekey-wp-'));
  chmodSync(dir, 0o755);
  path = join(dir, 'site', 'wp-config.php');
  mkdirSync(dirname(path));
  undo = [];
});
afterEach(() => {
  for (const one of undo.reverse()) one();
  rmSync(dir, { recursive: true, force: true });
});

const run = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe' });
const beside = (name: string, text: string) => writeFileSync(join(dirname(path), name), text);
const SAMPLE = `<?php\ndefine( 'DB_NAME', 'shop' );\ndefine( 'DB_PASSWORD', 'before' );\n$table_prefix = 'wp_';\n`;

/** What a user's PHP makes of a file. */
function readByPhp(file: string, uid = 0): string {
  const code = 'ob_start(); require $argv[1]; ob_end_clean(); fwrite(STDOUT, DB_PASSWORD);';
  return execFileSync('php', ['-n', '-d', 'display_errors=0', '-r', code, file], { encoding: 'utf8', uid, gid: uid });
}

/** What Rekey does before a password changes, and then with it. Answers the code where it refuses. */
async function rotateFile(password = 'a-new-and-longer-password'): Promise<WpConfigFailure | null> {
  try {
    await mendConfigFile(path);
    const file = await readConfigFile(path);
    readPassword(path, file.bytes);
    await proveEffective(file);
    await proveReplaceable(file);
    expect(readFileSync(path)).toEqual(file.bytes);
    await replaceConfigFile(file, password);
    return null;
  } catch (error) {
    return (error as { code: WpConfigFailure }).code;
  }
}
const leftovers = () => readdirSync(dirname(path)).filter((name) => name.includes('rekey'));

describe('written, and what PHP reads is the new password', () => {
  it.each<[string, string, Record<string, string>?]>([
    ['the sample', SAMPLE],
    ['a constant', `<?php const DB_NAME = 'shop', DB_PASSWORD = 'before';`],
    ['a double-quoted password with an escaped quote', `<?php define('DB_PASSWORD', "pa$\\"x");`],
    ['a double-quoted password with a backslash', `<?php define('DB_PASSWORD', "pa$\\\\x");`],
    ['a guard', `<?php if ( ! defined( 'DB_PASSWORD' ) ) { define( 'DB_PASSWORD', 'before' ); }`],
    ['a guard in one expression', `<?php defined('DB_PASSWORD') or define('DB_PASSWORD', 'before');`],
    ['a guard in the other syntax', `<?php if (!defined('DB_PASSWORD')): define('DB_PASSWORD', 'before'); endif;`],
    ['an include before it that is not there', `<?php if (file_exists(__DIR__ . '/x.php')) { include __DIR__ . '/x.php'; } define('DB_PASSWORD', 'before');`],
    [
      'an include before it that defines others',
      `<?php require dirname(__FILE__) . '/x.php'; define('DB_PASSWORD', 'before');`,
      { 'x.php': `<?php define('WP_DEBUG', true);` },
    ],
    ['an include that PHP alone can follow', `<?php $f = 'x.php'; require __DIR__ . "/$f"; define('DB_PASSWORD', 'before');`, { 'x.php': '<?php $a = 1;' }],
    ['a loop that defines other names', `<?php foreach (['A' => 1] as $k => $v) { define($k, $v); } define('DB_PASSWORD', 'before');`],
  ])('with %s', async (_, text, others = {}) => {
    writeFileSync(path, text);
    for (const [name, other] of Object.entries(others)) beside(name, other);
    expect(await rotateFile()).toBeNull();
    expect(readByPhp(path)).toBe('a-new-and-longer-password');
    expect(leftovers()).toEqual([]);
  });
});

describe('refused, and nothing is touched', () => {
  it.each<[string, string, WpConfigFailure, Record<string, string>?]>([
    [
      'with an include that defines it before the guard',
      `<?php require 'wp-config-local.php'; defined('DB_PASSWORD') or define('DB_PASSWORD', 'dead');`,
      'wp_config_defined_elsewhere',
      { 'wp-config-local.php': `<?php define('DB_PASSWORD', 'before');` },
    ],
    [
      'with an include of an include that defines it',
      `<?php require __DIR__ . '/a.php'; define('DB_PASSWORD', 'dead');`,
      'wp_config_defined_elsewhere',
      { 'a.php': `<?php include_once(__DIR__ . '/b.php');`, 'b.php': `<?php const DB_PASSWORD = 'before';` },
    ],
    [
      'with an include that only PHP can follow and that defines it',
      `<?php $f = 'x.php'; require __DIR__ . "/$f"; defined('DB_PASSWORD') or define('DB_PASSWORD', 'dead');`,
      'wp_config_unproven',
      { 'x.php': `<?php define('DB_' . 'PASSWORD', 'before');` },
    ],
    [
      'with a loop that defines it',
      `<?php foreach (['DB_PASSWORD' => 'x'] as $k => $v) { define($k, $v); } define('DB_PASSWORD', 'dead');`,
      'wp_config_unproven',
    ],
    ['with a dead branch beside a constant', `<?php if (0) { define('DB_PASSWORD', 'x'); } const DB_PASSWORD = 'y';`, 'wp_config_two_defines'],
    ['with a branch for each host', `<?php if (A) { define('DB_PASSWORD', 'x'); } else { define('DB_PASSWORD', 'y'); }`, 'wp_config_two_defines'],
    ['of the Docker image', `<?php define( 'DB_PASSWORD', getenv_docker('WORDPRESS_DB_PASSWORD', 'example password') );`, 'wp_config_environment'],
    ['of Bedrock', `<?php require_once dirname(__DIR__) . '/config/application.php'; require_once ABSPATH . 'wp-settings.php';`, 'wp_config_bedrock'],
    ['that ends before it', `<?php if (true) { return; } define('DB_PASSWORD', 'x');`, 'wp_config_conditional'],
  ])('%s', async (_, text, code, others = {}) => {
    writeFileSync(path, text);
    for (const [name, other] of Object.entries(others)) beside(name, other);
    expect(await rotateFile()).toBe(code);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(leftovers()).toEqual([]);
  });

  it('where the code that would be run in PHP writes to the disk or waits', async () => {
    writeFileSync(path, `<?php $f = 'x.php'; require __DIR__ . "/$f"; define('DB_PASSWORD', 'before');`);
    beside('x.php', `<?php file_put_contents(__DIR__ . '/written', 'x');`);
    chmodSync(dirname(path), 0o777);
    expect(await rotateFile()).toBe('wp_config_unproven');
    expect(existsSync(join(dirname(path), 'written'))).toBe(false);
  });
});

describe('a .env file', () => {
  beforeEach(() => {
    path = join(dir, 'site', '.env');
  });

  it('is written', async () => {
    writeFileSync(path, `DB_NAME=shop\nDB_PASSWORD='before' # keep\n`);
    expect(await rotateFile('Zk3-generated_0')).toBeNull();
    expect(readFileSync(path, 'utf8')).toBe('DB_NAME=shop\nDB_PASSWORD=Zk3-generated_0 # keep\n');
    expect(leftovers()).toEqual([]);
  });

  it('is refused where .env.local counts before it', async () => {
    writeFileSync(path, 'DB_PASSWORD=before\n');
    beside('.env.local', 'DB_PASSWORD=other\n');
    expect(await rotateFile()).toBe('wp_config_defined_elsewhere');
  });
});

describe('what the inode gave is kept', () => {
  beforeEach(() => writeFileSync(path, SAMPLE));

  it('by an access control list, owner, group and mode', async () => {
    chownSync(path, 0, 60);
    chmodSync(path, 0o600);
    run('setfacl', '-m', `u:${WWW_DATA}:r`, path);
    run('setfattr', '-n', 'user.origin', '-v', 'deploy', path);
    const before = run('getfacl', '-cp', path);
    expect(await rotateFile()).toBeNull();
    expect(run('getfacl', '-cp', path)).toBe(before);
    expect(run('getfattr', '--only-values', '-n', 'user.origin', path)).toBe('deploy');
    expect(readByPhp(path, WWW_DATA)).toBe('a-new-and-longer-password');
  });

  it('by a second hard link', async () => {
    const link = join(dir, 'linked.php');
    linkSync(path, link);
    expect(await rotateFile()).toBeNull();
    expect(readByPhp(link)).toBe('a-new-and-longer-password');
    // A shorter one is filled up, so that no byte behind it moves.
    const { size } = statSync(path);
    expect(await rotateFile('short')).toBeNull();
    expect(readByPhp(link)).toBe('short');
    expect(statSync(path).size).toBe(size);
    expect(leftovers()).toEqual([]);
  });

  it('by a mount of the file on itself', async () => {
    run('mount', '--bind', path, path);
    undo.push(() => run('umount', path));
    const { ino } = statSync(path);
    expect(await rotateFile()).toBeNull();
    expect(readByPhp(path)).toBe('a-new-and-longer-password');
    expect(statSync(path).ino).toBe(ino);
    expect(leftovers()).toEqual([]);
  });

  it('by a mount of the single file into a container', async () => {
    const inside = join(dir, 'inside.php');
    writeFileSync(inside, '');
    const script = 'mount --bind "$1" "$2" && echo mounted && read line && cat "$2"';
    const container = spawn('unshare', ['-m', 'sh', '-c', script, 'sh', path, inside]);
    await once(container.stdout, 'data');
    expect(readFileSync(inside, 'utf8')).toBe('');
    expect(await rotateFile()).toBeNull();
    const seen = once(container.stdout, 'data');
    container.stdin.end('\n');
    expect(String(await seen)).toContain('a-new-and-longer-password');
    await once(container, 'close');
  });

  it('by a folder that takes no new file', async () => {
    run('chattr', '+i', dirname(path));
    undo.push(() => run('chattr', '-i', dirname(path)));
    expect(await rotateFile()).toBeNull();
    expect(readByPhp(path)).toBe('a-new-and-longer-password');
  });
});

describe('a disk in the way is found out before, by name', () => {
  it('an immutable file', async () => {
    writeFileSync(path, SAMPLE);
    run('chattr', '+i', path);
    undo.push(() => run('chattr', '-i', path));
    expect(await rotateFile()).toBe('wp_config_immutable');
  });

  it('a file to which can only be appended', async () => {
    writeFileSync(path, SAMPLE);
    run('chattr', '+a', path);
    undo.push(() => run('chattr', '-a', path));
    expect(await rotateFile()).toBe('wp_config_immutable');
  });

  const onTmpfs = () => {
    run('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dirname(path));
    undo.push(() => run('umount', dirname(path)));
    writeFileSync(path, SAMPLE);
  };

  it('a full disk, and nothing is left on it', async () => {
    onTmpfs();
    expect(() => beside('full', 'x'.repeat(1_000_000))).toThrow();
    expect(await rotateFile()).toBe('wp_config_disk_full');
    linkSync(path, join(dirname(path), 'linked.php'));
    expect(await rotateFile()).toBe('wp_config_disk_full');
    expect(readFileSync(path, 'utf8')).toBe(SAMPLE);
    expect(leftovers()).toEqual([]);
  });

  it('a read-only file system', async () => {
    onTmpfs();
    run('mount', '-o', 'remount,ro', dirname(path));
    expect(await rotateFile()).toBe('wp_config_read_only_disk');
  });
});

it('a file that a crash tore while it was written in place is put back by the next look', async () => {
  const whole = Buffer.from(SAMPLE);
  beside('.wp-config.rekey.php', SAMPLE);
  writeFileSync(path, withPassword(path, whole, 'a-new-and-longer-password').subarray(0, 48));
  await mendConfigFile(path);
  expect(readFileSync(path)).toEqual(whole);
  expect(leftovers()).toEqual([]);
  expect(await rotateFile()).toBeNull();
});
