import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WpConfigError } from '#lib/contract/wp-config-failures.ts';
import type { ConfigFile } from './config-file.ts';
import { isEnvFile } from './env-file.ts';
import { type Before, cutForProof, findPhpDefinition, type PhpDefinition, readIncluded } from './php-define.ts';

const MOST_FILES = 50;
const LIMIT_BYTES = 1_048_576;
const PHP_TIMEOUT_MS = 5_000;

/**
 * Proves that the password that was found in a file is the one that the application uses: nothing that runs before defines another.
 * What the code does not show, PHP itself is asked.
 * @throws {WpConfigError} with what stands in the way
 */
export async function proveEffective(file: ConfigFile): Promise<void> {
  const { bytes } = file;
  if (isEnvFile(file.path)) return await refuseOtherEnv(file.path);
  const code = bytes.toString('latin1');
  // PHP takes __DIR__ from where the file really is, behind symbolic links such as `current/` of a deployment.
  const path = join(await realpath(dirname(file.path)), basename(file.path));
  const folder = dirname(path);
  const abspath = await findWordPress(folder);
  const definition = findPhpDefinition(code, { folder, abspath });
  if ((await followIncludes(definition, abspath)) && !(await isEffectiveInPhp({ ...file, path }, code, definition)))
    throw new WpConfigError('wp_config_unproven');
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * The folder of WordPress, with a slash: the file's own, or one inside it, since WordPress also reads a wp-config.php that
 * is one folder above. Null where there are several.
 */
async function findWordPress(folder: string): Promise<string | null> {
  const isThere = (at: string) => exists(join(/* turbopackIgnore: true */ at, 'wp-settings.php'));
  if (await isThere(folder)) return `${folder}/`;
  const inside = (await readdir(folder).catch(() => [])).map((name) => join(/* turbopackIgnore: true */ folder, name));
  const found = (await Promise.all(inside.map(async (at) => ((await isThere(at)) ? [`${at}/`] : [])))).flat();
  return found.length > 1 ? null : (found[0] ?? `${folder}/`);
}

/** Copies of what stands in the .env files, made by `php artisan config:cache` and `composer dump-env`: where there is one, no .env is read. */
const COMPILED = ['bootstrap/cache/config.php', '.env.local.php'];

/** `.env.local` is loaded after `.env` and counts before it, and `.env.production.local` before `.env.production`. */
async function refuseOtherEnv(path: string): Promise<void> {
  const copies = await Promise.all(COMPILED.map((name) => exists(join(/* turbopackIgnore: true */ dirname(path), name))));
  if (copies.includes(true)) throw new WpConfigError('wp_config_cached');
  const local = await readSource(`${path}.local`);
  if (local !== null && /^[ \t]*(?:export[ \t]+)?(?:DB_PASSWORD|DATABASE_URL|DB_URL)[ \t]*=/m.test(local))
    throw new WpConfigError('wp_config_defined_elsewhere');
}

/** A file as one byte in each character; null where there is none. Throws WpConfigError where it cannot be read. */
async function readSource(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    if (size > LIMIT_BYTES) throw new WpConfigError('wp_config_unproven');
    return await readFile(path, 'latin1');
  } catch (error) {
    if (error instanceof WpConfigError) throw error;
    if (['ENOENT', 'ENOTDIR'].includes(String((error as NodeJS.ErrnoException).code))) return null;
    throw new WpConfigError('wp_config_unproven');
  }
}

/** Reads what is loaded before. True where the code does not show all of it. */
async function followIncludes(first: Before, abspath: string | null): Promise<boolean> {
  const seen = new Set<string>();
  const open: Before[] = [first];
  for (let before = open.shift(); before; before = open.shift()) {
    if (before.isDynamic) return true;
    for (const path of before.includes) {
      if (path === null || seen.size >= MOST_FILES) return true;
      if (seen.has(path)) continue;
      seen.add(path);
      const code = await readSource(path);
      if (code === null) continue;
      const included = readIncluded(code, { folder: dirname(path), abspath });
      if (included.defines) throw new WpConfigError('wp_config_defined_elsewhere');
      open.push(included);
    }
  }
  return false;
}

/** What a configuration has no need of and what would be seen outside. */
const OFF_LIMITS = [
  'exec,shell_exec,system,passthru,popen,proc_open,pcntl_exec,pcntl_fork,posix_kill,mail,dl,syslog,error_log',
  'fsockopen,pfsockopen,stream_socket_client,stream_socket_server,socket_create,socket_connect,curl_exec,curl_multi_exec',
  'fopen,file_put_contents,fwrite,fputs,unlink,rename,copy,mkdir,rmdir,chmod,chown,chgrp,touch,symlink,link,tempnam,tmpfile,ftruncate',
  'mysqli_connect,mysqli_real_connect,pg_connect,dns_get_record,gethostbyname,session_start,set_time_limit,ignore_user_abort,sleep,usleep',
].join(',');
const OFF_LIMITS_CLASSES = 'PDO,mysqli,SplFileObject,SplTempFileObject,SoapClient,FFI,Phar,PharData';

/**
 * Runs the file in PHP up to the definition, with a made-up password in its place, and asks which one counts. As the
 * user of the file, without network, processes or writing. False where it is another one, or PHP does not answer.
 */
async function isEffectiveInPhp({ path, stats }: ConfigFile, code: string, definition: PhpDefinition): Promise<boolean> {
  const [marker = '', nonce = ''] = [randomBytes(24), randomBytes(12)].map((bytes) => bytes.toString('hex'));
  const print = `while (ob_get_level()) ob_end_clean(); echo '${nonce}', hash('sha256', DB_PASSWORD); exit;`;
  const source = cutForProof(code, path, definition, marker, print);
  const isRoot = process.getuid?.() === 0;
  // Root's own files are read by their group, as nobody.
  const user = isRoot ? { uid: stats.uid === 0 ? 65_534 : stats.uid, gid: stats.gid } : {};
  const settings = { disable_functions: OFF_LIMITS, disable_classes: OFF_LIMITS_CLASSES, allow_url_fopen: '0', display_errors: '0', max_execution_time: '4' };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-d', `${name}=${value}`]);
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', NODE_ENV: 'production' as const };
  const child = spawn('php', args, { ...user, cwd: dirname(path), env, timeout: PHP_TIMEOUT_MS, killSignal: 'SIGKILL' });
  child.stderr.resume();
  return new Promise((answer) => {
    let said = '';
    child.on('error', () => answer(false));
    child.stdin.on('error', () => {});
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      said = `${said}${text}`.slice(-4096);
    });
    child.on('close', () => answer(said.endsWith(`${nonce}${createHash('sha256').update(marker).digest('hex')}`)));
    child.stdin.end(source, 'latin1');
  });
}
