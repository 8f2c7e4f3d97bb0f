// Files such as WordPress and its command line write them, and as people change them afterwards.

const head = (define: string) => `<?php
/**
 * The base configuration of this site. Copied from the sample by hand: define( 'DB_PASSWORD', 'not this one' );
 *
 * @package WordPress
 */

// ** Database settings ** //
define( 'DB_NAME', 'shop' );
define( 'DB_USER', 'shop' );
${define}
define( 'DB_HOST', '127.0.0.1:3306' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );

define( 'AUTH_KEY', 'xp$"\\'8?>{ #//' ); // ?> <?php
$table_prefix = 'wp_';

if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
`;

const command = `<?php
define( 'DB_NAME', "shop" );
define( 'DB_PASSWORD', '%PW%' );
$table_prefix = "wp_{$_SERVER["no}t"]}";
$help = <<<'TEXT'
  define( 'DB_PASSWORD', 'in a nowdoc' ); /* " '
  TEXT;
$more = <<<"MORE"
define('DB_PASSWORD', 'in a heredoc $help {$table_prefix}');
MORE;
`;

/** `%PW%` stands for the password. */
export const WP_CONFIGS: Record<string, string> = {
  'of the sample': head(`define( 'DB_PASSWORD', '%PW%' );`),
  'of an older sample': head(`define('DB_PASSWORD', '%PW%');`),
  'with CRLF': head(`define( 'DB_PASSWORD', '%PW%' );`).replaceAll('\n', '\r\n'),
  'with double quotes': head(`define("DB_PASSWORD", "%PW%");`),
  'with no space at all': head(`define('DB_PASSWORD','%PW%');`),
  'over many lines': head(`define(\n\t'DB_PASSWORD', // the secret\n\t/* of */ '%PW%' # here\n);`),
  'with tabs and capitals': head(`\tDEFINE\t(\t'DB_PASSWORD'\t,\t'%PW%'\t)\t;`),
  'from the root name space, with a third argument': head(`\\define( 'DB_PASSWORD', '%PW%', false );`),
  'with the old line in comments': head(
    `# define( 'DB_PASSWORD', 'a' );\n// define('DB_PASSWORD', 'b');\n/* define('DB_PASSWORD', 'c'); */\ndefine( 'DB_PASSWORD', '%PW%' );`,
  ),
  'with a guard': head(`if ( ! defined( 'DB_PASSWORD' ) ) define( 'DB_PASSWORD', '%PW%' );`),
  'of the command line, with texts over lines': command,
  'after a mark and HTML, closed again': `\u{feff}<p>it's</p>\n<?php define( 'DB_PASSWORD', '%PW%' ); ?>\n<p>define( 'DB_PASSWORD', 'HTML' ) isn't</p>\n`,
  'with bytes that are no UTF-8': head(`define( 'DB_PASSWORD', '%PW%' ); // caf\u{e9}`),
  'that stops before its end': head(`define( 'DB_PASSWORD', '%PW%' );`).replace(
    'require_once',
    `__halt_compiler(); ' define( 'DB_PASSWORD', 'x' ); require_once`,
  ),
};
