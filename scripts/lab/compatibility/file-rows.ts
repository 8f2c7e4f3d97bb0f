// Files with a site's password as they are in real life; files.int.test.ts rotates the login of each of them.
import type { WpConfigFailure } from '#lib/contract/wp-config-failures.ts';

/** A row of docs/compatibility.md about a file. */
export interface FileRow {
  kind: string;
  /** Why nothing is changed; null where the file is written. */
  code: WpConfigFailure | null;
  text: string | Buffer;
  /** The password in it; `before` where it is left out. */
  password?: string;
  /** A symbolic link to its folder, by which it is named. */
  folder?: string;
  /** `wp-config.php` where it is left out. */
  name?: string;
  /** Files beside it. */
  others?: Record<string, string>;
}

const define = `define( 'DB_PASSWORD', 'before' );`;

export const FILE_ROWS: readonly FileRow[] = [
  { kind: 'wp-config.php of the sample', code: null, text: `<?php\n${define}\n$table_prefix = 'wp_';\n` },
  { kind: '`const DB_PASSWORD`', code: null, text: `<?php const DB_NAME = 'shop', DB_PASSWORD = 'before';` },
  { kind: 'Double quotes with an escaped quote', code: null, text: `<?php define('DB_PASSWORD', "pa$\\"x");`, password: 'pa$"x' },
  { kind: 'Double quotes with a backslash', code: null, text: `<?php define('DB_PASSWORD', "pa$\\\\x");`, password: 'pa$\\x' },
  { kind: 'A guard with braces', code: null, text: `<?php if ( ! defined( 'DB_PASSWORD' ) ) { ${define} }` },
  { kind: 'A guard in one expression', code: null, text: `<?php defined('DB_PASSWORD') or ${define}` },
  { kind: 'A guard in the alternative syntax', code: null, text: `<?php if (!defined('DB_PASSWORD')): ${define} endif;` },
  {
    kind: 'An include before it that does not exist',
    code: null,
    text: `<?php if (file_exists(__DIR__ . '/x.php')) { include __DIR__ . '/x.php'; } ${define}`,
  },
  {
    kind: 'An include before it that defines other names',
    code: null,
    text: `<?php require dirname(__FILE__) . '/x.php'; ${define}`,
    others: { 'x.php': `<?php define('WP_DEBUG', true);` },
  },
  {
    kind: 'An include before it that only PHP can follow',
    code: null,
    text: `<?php $f = 'x.php'; require __DIR__ . "/$f"; ${define}`,
    others: { 'x.php': '<?php $a = 1;' },
  },
  { kind: 'A loop before it that defines other names', code: null, text: `<?php foreach (['A' => 1] as $k => $v) { define($k, $v); } ${define}` },
  { kind: '.env of Bedrock or Laravel', code: null, name: '.env', text: `DB_NAME=shop\nDB_PASSWORD='before' # keep\n` },
  {
    kind: 'A guard after an include that defines it',
    code: 'wp_config_defined_elsewhere',
    text: `<?php require 'wp-config-local.php'; defined('DB_PASSWORD') or define('DB_PASSWORD', 'dead');`,
    others: { 'wp-config-local.php': `<?php ${define}` },
  },
  {
    kind: 'An include of an include that defines it',
    code: 'wp_config_defined_elsewhere',
    text: `<?php require __DIR__ . '/a.php'; define('DB_PASSWORD', 'dead');`,
    others: { 'a.php': `<?php include_once(__DIR__ . '/b.php');`, 'b.php': `<?php const DB_PASSWORD = 'before';` },
  },
  {
    kind: 'An include that only PHP can follow and that defines it',
    code: 'wp_config_unproven',
    text: `<?php $f = 'x.php'; require __DIR__ . "/$f"; defined('DB_PASSWORD') or define('DB_PASSWORD', 'dead');`,
    others: { 'x.php': `<?php define('DB_' . 'PASSWORD', 'before');` },
  },
  {
    kind: 'A loop that defines it',
    code: 'wp_config_unproven',
    text: `<?php foreach (['DB_PASSWORD' => 'x'] as $k => $v) { define($k, $v); } define('DB_PASSWORD', 'dead');`,
  },
  {
    kind: 'A dead branch beside a constant',
    code: 'wp_config_two_defines',
    text: `<?php if (0) { define('DB_PASSWORD', 'x'); } const DB_PASSWORD = 'y';`,
  },
  {
    kind: 'A branch for each host',
    code: 'wp_config_two_defines',
    text: `<?php if (A) { define('DB_PASSWORD', 'x'); } else { define('DB_PASSWORD', 'y'); }`,
  },
  { kind: 'A branch that does not always run', code: 'wp_config_conditional', text: `<?php if (0) { ${define} }` },
  { kind: 'A definition behind `return`', code: 'wp_config_conditional', text: `<?php if (true) { return; } ${define}` },
  {
    kind: 'The Docker image’s `getenv_docker`',
    code: 'wp_config_environment',
    text: `<?php define( 'DB_PASSWORD', getenv_docker('WORDPRESS_DB_PASSWORD', 'example password') );`,
  },
  {
    kind: 'wp-config.php of Bedrock',
    code: 'wp_config_bedrock',
    text: `<?php require_once dirname(__DIR__) . '/config/application.php'; require_once ABSPATH . 'wp-settings.php';`,
  },
  { kind: '.env with a DATABASE_URL', code: 'wp_config_url_counts', name: '.env', text: 'DATABASE_URL=mysql://a:b@c/d\nDB_PASSWORD=before\n' },
  {
    kind: '.env beside a .env.local that sets it',
    code: 'wp_config_defined_elsewhere',
    name: '.env',
    text: 'DB_PASSWORD=before\n',
    others: { '.env.local': 'DB_PASSWORD=other\n' },
  },
  { kind: 'settings.php of Drupal', code: 'wp_config_other_application', name: 'settings.php', text: `<?php $databases = ['password' => 'before'];` },
  { kind: 'env.php of Magento', code: 'wp_config_other_application', name: 'env.php', text: `<?php return ['password' => 'before'];` },
  {
    kind: 'configuration.php of Joomla',
    code: 'wp_config_other_application',
    name: 'configuration.php',
    text: `<?php class J { public $password = 'before'; }`,
  },
  { kind: 'Lines that end in CRLF', code: null, text: `<?php\r\ndefine( 'DB_NAME', 'shop' );\r\n${define}\r\n` },
  { kind: 'A byte order mark', code: null, text: `\uFEFF<?php ${define}` },
  { kind: 'A tag in capitals', code: null, text: `<?PHP ${define}` },
  { kind: 'Spaces and double quotes: `define ( "DB_PASSWORD" , … )`', code: null, text: `<?php\n\tdefine ( "DB_PASSWORD" , 'before' ) ;\n` },
  { kind: 'Comments between name and value', code: null, text: `<?php define(/* a */ 'DB_PASSWORD' /* 'b' */, # c\n // 'd'\n 'before' /* e */ );` },
  { kind: 'The function in capitals, with a third argument', code: null, text: `<?php DEFINE('DB_PASSWORD', 'before', false);` },
  { kind: 'A definition by `\\define`, with `@`', code: null, text: `<?php @\\define('DB_PASSWORD', 'before');` },
  {
    kind: 'A former definition in comments',
    code: null,
    text: `<?php // define('DB_PASSWORD', 'x');\n/* define('DB_PASSWORD', 'y'); */ # define('DB_PASSWORD', 'z');\n${define}`,
  },
  {
    kind: 'A definition inside a string and a heredoc',
    code: null,
    text: `<?php $a = "define('DB_PASSWORD', 'x');"; $b = <<<X\ndefine('DB_PASSWORD', 'y');\nX;\n${define}`,
  },
  { kind: 'Comments in several bytes a sign', code: null, text: `<?php /* пароль 密码 😀 */ ${define} // ü\n` },
  { kind: 'Comments in ISO 8859-1', code: null, text: Buffer.from(`<?php /* Paßwort für die Datenbank */ ${define}\n`, 'latin1') },
  { kind: 'A password in several bytes a sign', code: null, text: `<?php define('DB_PASSWORD', 'pä密😀');`, password: 'pä密😀' },
  { kind: 'A guard without braces', code: null, text: `<?php if ( ! defined( 'DB_PASSWORD' ) ) ${define}` },
  { kind: 'A guard by `&&`', code: null, text: `<?php !defined('DB_PASSWORD') && ${define}` },
  { kind: 'Text behind the closing tag', code: null, text: `<?php ${define} ?>\n<p>it's</p>\n<?php $x = 1;` },
  { kind: 'A namespace', code: null, text: `<?php namespace Site; \\define('DB_PASSWORD', 'before');` },
  { kind: 'A folder that is a symbolic link (Deployer, Capistrano: current/)', code: null, text: `<?php ${define}`, folder: 'current' },
  {
    kind: 'The same, an include by `dirname(__DIR__)` that defines it',
    code: 'wp_config_defined_elsewhere',
    text: `<?php require dirname(__DIR__) . '/local.php'; defined('DB_PASSWORD') or define('DB_PASSWORD', 'dead');`,
    others: { '../local.php': `<?php ${define}` },
    folder: 'current',
  },
  { kind: 'A constant of a namespace', code: 'wp_config_no_define', text: `<?php namespace Site; const DB_PASSWORD = 'before';` },
  { kind: 'A constant of a class', code: 'wp_config_conditional', text: `<?php class Site { const DB_PASSWORD = 'before'; }` },
  { kind: 'A heredoc', code: 'wp_config_not_plain', text: `<?php define('DB_PASSWORD', <<<'X'\nbefore\nX);` },
  { kind: 'Two strings put together', code: 'wp_config_not_plain', text: `<?php define('DB_PASSWORD', 'be' . 'fore');` },
  { kind: 'A constant of a constant', code: 'wp_config_not_plain', text: `<?php const SECRET = 'before'; define('DB_PASSWORD', SECRET);` },
  { kind: 'A variable', code: 'wp_config_not_plain', text: `<?php $secret = 'before'; define('DB_PASSWORD', $secret);` },
  { kind: 'A variable in double quotes', code: 'wp_config_not_plain', text: `<?php $s = 'fore'; define('DB_PASSWORD', "be$s");` },
  { kind: 'A condition as the value', code: 'wp_config_not_plain', text: `<?php define('DB_PASSWORD', PHP_OS ? 'before' : 'x');` },
  { kind: '`getenv` with a default', code: 'wp_config_environment', text: `<?php define('DB_PASSWORD', getenv('DB_PASSWORD') ?: 'before');` },
  { kind: '`$_ENV`', code: 'wp_config_environment', text: `<?php define('DB_PASSWORD', $_ENV['DB_PASSWORD'] ?? 'before');` },
  { kind: 'A string without an end', code: 'wp_config_unparsable', text: `<?php define('DB_PASSWORD', 'before);` },
  { kind: 'A branch of `switch`', code: 'wp_config_conditional', text: `<?php switch (PHP_OS) { case 'x': ${define} break; }` },
  { kind: 'Short tags', code: 'wp_config_no_define', text: `<? ${define} ?>` },
  { kind: 'A password of another login', code: 'wp_config_other_password', text: `<?php define('DB_PASSWORD', 'of another');` },
  { kind: '.env with `export` and double quotes', code: null, name: '.env', text: 'export DB_PASSWORD="before"\r\nA=b\r\n' },
  { kind: '.env with spaces around `=`', code: null, name: '.env', text: "  DB_PASSWORD = 'before'\n" },
  { kind: '.env with `#` in a value in quotes', code: null, name: '.env', text: 'DB_PASSWORD="be#fo re" # keep\n', password: 'be#fo re' },
  { kind: '.env with `$` in single quotes', code: null, name: '.env', text: "DB_PASSWORD='be${fore}'\n", password: 'be${fore}' },
  { kind: '.env with escapes in double quotes', code: null, name: '.env', text: 'DB_PASSWORD="be\\"fo\\$re\\\\"\n', password: 'be"fo$re\\' },
  { kind: '.env that begins with a byte order mark', code: null, name: '.env', text: '\uFEFFA=b\nDB_PASSWORD=before\n' },
  { kind: '.env with a byte order mark before the variable', code: 'wp_config_no_variable', name: '.env', text: '\uFEFFDB_PASSWORD=before\n' },
  { kind: '.env with a former line in a comment', code: null, name: '.env', text: '#DB_PASSWORD=x\n  # DB_PASSWORD=y\nDB_PASSWORD=before\n' },
  { kind: '.env with a value over several lines before it', code: null, name: '.env', text: 'KEY="-----BEGIN\nDB_PASSWORD=x\n-----END"\nDB_PASSWORD=before' },
  { kind: '.env with a variable of a longer name', code: null, name: '.env', text: 'OLD_DB_PASSWORD=x\nDB_PASSWORD_FILE=/y\nDB_PASSWORD=before\n' },
  { kind: '.env.production', code: null, name: '.env.production', text: 'DB_PASSWORD=before\n' },
  { kind: '.env with a value of other variables', code: 'wp_config_not_plain', name: '.env', text: 'A=before\nDB_PASSWORD="${A}"\n' },
  { kind: '.env with `#` in a value without quotes', code: 'wp_config_not_plain', name: '.env', text: 'DB_PASSWORD=be#fore\n', password: 'be#fore' },
  { kind: '.env with a value over several lines', code: 'wp_config_other_password', name: '.env', text: 'DB_PASSWORD="before\n"\n' },
  { kind: '.env with the variable twice', code: 'wp_config_two_defines', name: '.env', text: 'DB_PASSWORD=x\nDB_PASSWORD=before\n' },
  { kind: '.env with an empty value', code: 'wp_config_other_password', name: '.env', text: 'DB_PASSWORD=\n' },
  { kind: '.env without the variable', code: 'wp_config_no_variable', name: '.env', text: 'WORDPRESS_DB_PASSWORD=before\n' },
  { kind: 'A constant in small letters', code: 'wp_config_no_define', text: `<?php const db_password = 'before';` },
  { kind: 'Named arguments', code: 'wp_config_not_plain', text: `<?php define(value: 'before', constant_name: 'DB_PASSWORD');` },
  {
    kind: 'A guard after a definition by `call_user_func`',
    code: 'wp_config_unproven',
    text: `<?php call_user_func('define', 'DB_PASSWORD', 'x'); defined('DB_PASSWORD') or ${define}`,
  },
  {
    kind: 'A guard after a definition by a variable function',
    code: 'wp_config_unproven',
    text: `<?php $f = 'define'; $f('DB_PASSWORD', 'x'); defined('DB_PASSWORD') or ${define}`,
  },
  {
    kind: 'A guard after an include by a stream wrapper',
    code: 'wp_config_unproven',
    text: `<?php require 'compress.zlib://' . __DIR__ . '/x.php'; defined('DB_PASSWORD') or ${define}`,
    others: { 'x.php': `<?php define('DB_PASSWORD', 'x');` },
  },
  {
    kind: 'wp-config.php above the folder of WordPress, an include by ABSPATH that defines it',
    code: 'wp_config_defined_elsewhere',
    text: `<?php require ABSPATH . 'local.php'; defined('DB_PASSWORD') or ${define}`,
    others: { 'public/wp-settings.php': '<?php', 'public/local.php': `<?php define('DB_PASSWORD', 'x');` },
  },
  {
    kind: 'wp-config.php above the folder of WordPress, an include by ABSPATH that defines other names',
    code: null,
    text: `<?php defined('ABSPATH') or define('ABSPATH', __DIR__ . '/public/'); require ABSPATH . 'local.php'; ${define}`,
    others: { 'public/wp-settings.php': '<?php', 'public/local.php': `<?php define('WP_DEBUG', true);` },
  },
  {
    kind: 'wp-config.php of a WordPress that lies elsewhere, an include by ABSPATH',
    code: 'wp_config_unproven',
    text: `<?php require ABSPATH . 'local.php'; defined('DB_PASSWORD') or ${define}`,
    others: { 'a/wp-settings.php': '<?php', 'b/wp-settings.php': '<?php', 'b/local.php': `<?php define('DB_PASSWORD', 'x');` },
  },
  { kind: 'docker-compose.yml', code: 'wp_config_other_application', name: 'docker-compose.yml', text: 'environment:\n  DB_PASSWORD: before\n' },
  { kind: 'An environment file of systemd or Docker', code: 'wp_config_other_application', name: 'site.env', text: 'DB_PASSWORD=before\n' },
  { kind: '.envrc of direnv', code: 'wp_config_other_application', name: '.envrc', text: 'export DB_PASSWORD=before\n' },
  { kind: 'my.cnf', code: 'wp_config_other_application', name: 'my.cnf', text: '[client]\npassword=before\n' },
  { kind: 'A file in JSON', code: 'wp_config_other_application', name: 'config.json', text: '{ "DB_PASSWORD": "before" }\n' },
  { kind: 'A file in TOML', code: 'wp_config_other_application', name: 'config.toml', text: 'DB_PASSWORD = "before"\n' },
  {
    kind: 'database.yml of Rails',
    code: 'wp_config_other_application',
    name: 'database.yml',
    text: `production:\n  password: <%= ENV.fetch('DB_PASSWORD', 'before') %>\n`,
  },
  { kind: 'config.php of Nextcloud', code: 'wp_config_no_define', name: 'config.php', text: `<?php $CONFIG = ['dbpassword' => 'before'];` },
  {
    kind: '.env.production beside a .env.production.local that sets it',
    code: 'wp_config_defined_elsewhere',
    name: '.env.production',
    text: 'DB_PASSWORD=before\n',
    others: { '.env.production.local': 'DB_PASSWORD=other\n' },
  },
  { kind: '.env with text behind the quotes', code: 'wp_config_not_plain', name: '.env', text: 'DB_PASSWORD="before"b\n', password: 'before"' },
  { kind: '.env without a line break at its end, with CRLF', code: null, name: '.env', text: 'A=b\r\nDB_PASSWORD=before' },
  {
    kind: '.env of Laravel with a cached configuration (php artisan config:cache)',
    code: 'wp_config_cached',
    name: '.env',
    text: 'DB_PASSWORD=before\n',
    others: { 'bootstrap/cache/config.php': `<?php return ['database' => ['password' => 'before']];` },
  },
  {
    kind: '.env of Symfony with a compiled copy (composer dump-env)',
    code: 'wp_config_cached',
    name: '.env',
    text: 'DB_PASSWORD=before\n',
    others: { '.env.local.php': `<?php return ['DB_PASSWORD' => 'before'];` },
  },
];
