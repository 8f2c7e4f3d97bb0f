/** Why a file with a site's password cannot be written, with the fix. All are found before a password changes. */
export const WP_CONFIG_FAILURES = {
  wp_config_missing: 'The file with the password of the site does not exist. Restore it, or give the site its current path.',
  wp_config_not_a_file: 'The path of the file with the password leads to a symbolic link or a folder. Use the path of the file itself.',
  wp_config_too_large: 'The file with the password is larger than 1 MB, so it is not one that WordPress writes. Use the right path.',
  wp_config_read_only: 'Rekey may not write the file with the password. Give the worker write access, or clear the file’s read-only mode.',
  wp_config_read_only_disk: 'The file with the password is on a read-only file system. Mount it with write access.',
  wp_config_immutable: 'The file with the password is immutable. Clear its attributes: chattr -i -a FILE.',
  wp_config_disk_full: 'The disk of the file with the password is full. Free some space.',
  wp_config_quota: 'The disk quota of the file’s owner is used up. Raise it, or free some space.',
  wp_config_busy: 'The system reports that the file with the password is in use and cannot be written. Stop the program that uses it.',
  wp_config_disk_error: 'The disk of the file with the password reports errors. Check the disk.',
  wp_config_unparsable: 'The file with the password is not valid PHP: a comment, a string or a heredoc has no end. Fix the file.',
  wp_config_no_define:
    'The file does not define DB_PASSWORD. Add the line, or use the path of the file that has it; add a file in another form as a manual consumer.',
  wp_config_no_variable:
    'The .env file does not set DB_PASSWORD. Add the line, or use the path of the file that has it; if the application reads another variable, add the file as a manual consumer.',
  wp_config_two_defines: 'The file defines DB_PASSWORD more than once, and only one definition takes effect. Keep one.',
  wp_config_conditional: 'The DB_PASSWORD of the file is defined in a branch or a function that does not always run. Define it once, outside of any condition.',
  wp_config_defined_elsewhere: 'Another file that is loaded first sets DB_PASSWORD. Use the path of that file.',
  wp_config_unproven:
    'The file runs other code before it defines DB_PASSWORD, and Rekey cannot prove that its value takes effect. Move the definition above that code, or add the file as a manual consumer.',
  wp_config_environment: 'The file takes DB_PASSWORD from an environment variable. Use the path of the .env file that sets it, or add it as a manual consumer.',
  wp_config_bedrock: 'This site reads its password from a .env file, as Bedrock does. Use the path of the .env file.',
  wp_config_url_counts: 'The .env file sets DATABASE_URL or DB_URL, which overrides DB_PASSWORD. Remove it, or add the file as a manual consumer.',
  wp_config_cached:
    'The application loads a compiled copy of its configuration instead of the .env file (Laravel: bootstrap/cache/config.php, Symfony: .env.local.php). Clear that copy, or add the file as a manual consumer.',
  wp_config_other_application: 'Rekey writes wp-config.php and files named .env, and this file is neither. Add it as a manual consumer.',
  wp_config_not_plain: 'The DB_PASSWORD of the file is not a plain string in quotes. Write the password there, or remove the path.',
  wp_config_other_password: 'The file holds a password that does not belong to this login. Check the path, or write the current password there once.',
  wp_config_changed: 'The file with the password changed at the same moment.',
} as const;
export type WpConfigFailure = keyof typeof WP_CONFIG_FAILURES;

/** A file that cannot be read or written. Carries a code and constant text, nothing of the file. */
export class WpConfigError extends Error {
  readonly code: WpConfigFailure;

  constructor(code: WpConfigFailure) {
    super(WP_CONFIG_FAILURES[code]);
    this.name = 'WpConfigError';
    this.code = code;
  }
}
