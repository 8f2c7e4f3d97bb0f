import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findMariadb } from '#scripts/servers/mariadb.ts';
import { findPgbouncer } from '#scripts/servers/pgbouncer.ts';
import { findPgpool } from '#scripts/servers/pgpool.ts';
import { findProgram } from '#scripts/servers/place.ts';
import { PYTHON } from './drivers/run.ts';
import { findChromium } from './find-chromium.ts';

const findModule = (name: string): string | null => (spawnSync(PYTHON, ['-c', `import ${name}`]).status === 0 ? name : null);
const findGem = (name: string): string | null => (spawnSync('ruby', ['-e', `require '${name}'`]).status === 0 ? name : null);
const findJar = (name: string): string | null => (existsSync(`/usr/share/java/${name}.jar`) ? name : null);

/** By the name of the Debian package. */
const FINDERS = {
  chromium: findChromium,
  curl: () => findProgram('curl'),
  pgbouncer: findPgbouncer,
  pgpool2: findPgpool,
  'postgresql-15': () => (existsSync('/usr/lib/postgresql/15/bin/postgres') ? 'postgres' : null),
  faketime: () => findProgram('faketime'),
  gcc: () => findProgram('gcc'),
  'mariadb-server': findMariadb,
  'mariadb-plugin-cracklib-password-check': () => (existsSync('/usr/lib/mysql/plugin/cracklib_password_check.so') ? 'cracklib_password_check' : null),
  'php-cli': () => findProgram('php'),
  'php-mysql': () => (spawnSync('php', ['-m'], { encoding: 'utf8' }).stdout?.includes('pdo_mysql') ? 'pdo_mysql' : null),
  'postgresql-client': () => findProgram('psql'),
  'python3-psycopg': () => findModule('psycopg'),
  'python3-psycopg2': () => findModule('psycopg2'),
  'python3-pymysql': () => findModule('pymysql'),
  'python3-mysqldb': () => findModule('MySQLdb'),
  'python3-sqlalchemy': () => findModule('sqlalchemy'),
  'python3-django': () => findModule('django'),
  'ruby-activerecord': () => findGem('active_record'),
  'ruby-pg': () => findGem('pg'),
  'ruby-mysql2': () => findGem('mysql2'),
  'default-jdk-headless': () => findProgram('javac'),
  'libpostgresql-jdbc-java': () => findJar('postgresql'),
  'libmariadb-java': () => findJar('mariadb-java-client'),
  acl: () => findProgram('setfacl'),
  attr: () => findProgram('setfattr'),
};
type Program = keyof typeof FINDERS;

function apt(...args: string[]): void {
  // RUNLEVEL=1: the package's own service is not wanted.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const { status, stdout, stderr } = spawnSync('apt-get', ['-qq', ...args], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

/** Root on Debian installs what is missing; elsewhere this throws with what to install. */
export function requirePrograms(programs: Program[]): void {
  const findMissing = () => programs.filter((program) => !FINDERS[program]());
  const missing = findMissing();
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `The tests need ${missing.join(' and ')}. On Debian or Ubuntu: sudo apt-get install --no-install-recommends ${missing.join(' ')}. ` +
        'Elsewhere: install PgBouncer, MariaDB, PHP, curl and psql with your package manager (brew install pgbouncer mariadb php curl libpq) and the browser with npx playwright install chromium, or name one in CHROMIUM_PATH.',
    );
  }
  console.log(`Installing ${missing.join(' and ')} with apt-get`);
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...missing);
  if (findMissing().length > 0) throw new Error(`apt-get installed ${missing.join(' and ')}, but ${findMissing().join(' and ')} cannot be found.`);
}
