// Files as they are in real life: PHP itself says which password counts, the file system whether it can be written.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WpConfigFailure } from '#lib/contract/wp-config-failures.ts';
import { proveReplaceable, readConfigFile, recoverConfigFile, replaceConfigFile } from './config-file.ts';
import { proveEffective } from './effective.ts';
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
    await recoverConfigFile(path);
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

it('code that PHP would have to run writes nothing to the disk', async () => {
  writeFileSync(path, `<?php $f = 'x.php'; require __DIR__ . "/$f"; define('DB_PASSWORD', 'before');`);
  beside('x.php', `<?php file_put_contents(__DIR__ . '/written', 'x');`);
  chmodSync(dirname(path), 0o777);
  expect(await rotateFile()).toBe('wp_config_unproven');
  expect(existsSync(join(dirname(path), 'written'))).toBe(false);
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
  await recoverConfigFile(path);
  expect(readFileSync(path)).toEqual(whole);
  expect(leftovers()).toEqual([]);
  expect(await rotateFile()).toBeNull();
});
