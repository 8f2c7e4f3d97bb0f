/** Why a wp-config.php cannot be written, with the mend. All are found before a password changes. */
export const WP_CONFIG_FAILURES = {
  wp_config_missing: 'The wp-config.php of the site is not there. Put it back, or give the site its present path.',
  wp_config_not_a_file: 'The path of the wp-config.php leads to a symbolic link or a folder. Give the path of the file itself.',
  wp_config_too_large: 'The wp-config.php is larger than 1 MB, so it is not the one that WordPress writes. Give the right path.',
  wp_config_read_only: 'Rekey may not replace the wp-config.php with its owner and permissions. Let the worker write the file and its folder.',
  wp_config_unparsable: 'The wp-config.php is not PHP that can be read: a comment, a text or a heredoc has no end. Mend the file.',
  wp_config_no_define: 'The wp-config.php does not define DB_PASSWORD. Add the line, or give the path of the file that has it.',
  wp_config_two_defines: 'The wp-config.php defines DB_PASSWORD more than once, and only one of them may count. Leave one.',
  wp_config_not_plain: 'The DB_PASSWORD of the wp-config.php is not a plain text in quotes. Write the password there, or take the path away.',
  wp_config_other_password: 'The wp-config.php holds a password that is none of this login. Check the path, or write the present password there once.',
  wp_config_changed: 'Somebody changed the wp-config.php at the same moment.',
} as const;
export type WpConfigFailure = keyof typeof WP_CONFIG_FAILURES;

/** A wp-config.php that cannot be read or written. Carries a code and constant text, nothing of the file. */
export class WpConfigError extends Error {
  readonly code: WpConfigFailure;

  constructor(code: WpConfigFailure) {
    super(WP_CONFIG_FAILURES[code]);
    this.name = 'WpConfigError';
    this.code = code;
  }
}
