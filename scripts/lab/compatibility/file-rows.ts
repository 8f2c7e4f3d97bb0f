// Files with a site's password as they are in real life; lib/wp-config/compatibility.int.test.ts tries each of them.
import type { WpConfigFailure } from '#lib/wp-config/failures.ts';

/** A row of docs/compatibility.md about a file. */
export interface FileRow {
  kind: string;
  /** Why nothing is changed; null where the file is written. */
  code: WpConfigFailure | null;
  text: string;
  /** `wp-config.php` where it is left out. */
  name?: string;
  /** Files beside it. */
  others?: Record<string, string>;
}

const define = `define( 'DB_PASSWORD', 'before' );`;

export const FILE_ROWS: readonly FileRow[] = [
  { kind: 'wp-config.php of the sample', code: null, text: `<?php\n${define}\n$table_prefix = 'wp_';\n` },
  { kind: '`const DB_PASSWORD`', code: null, text: `<?php const DB_NAME = 'shop', DB_PASSWORD = 'before';` },
  { kind: 'Double quotes with an escaped quote', code: null, text: `<?php define('DB_PASSWORD', "pa$\\"x");` },
  { kind: 'Double quotes with a backslash', code: null, text: `<?php define('DB_PASSWORD', "pa$\\\\x");` },
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
];
