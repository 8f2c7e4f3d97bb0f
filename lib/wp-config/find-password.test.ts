import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WpConfigFailure } from '#lib/contract/wp-config-failures.ts';
import { WP_CONFIGS } from '#scripts/testing/wp-configs.ts';
import { readPassword, withPassword } from './find-password.ts';
import { decodeText, encodeText } from './php-text.ts';

const PATH = '/srv/site/wp-config.php';
const fileOf = (text: string): Buffer => Buffer.from(text, text.includes('\u{e9}') ? 'latin1' : 'utf8');
const codeOf = (run: () => unknown): WpConfigFailure | null => {
  try {
    run();
    return null;
  } catch (error) {
    return (error as { code: WpConfigFailure }).code;
  }
};

describe.each(Object.entries(WP_CONFIGS))('a file %s', (_, text) => {
  it('is changed in its password alone', () => {
    const file = fileOf(text.replace('%PW%', 'kept-here'));
    expect(readPassword(PATH, file)).toBe('kept-here');
    const changed = withPassword(PATH, file, "it's \\ new");
    expect(readPassword(PATH, changed)).toBe("it's \\ new");
    const quoted = /(['"])kept-here\1/.exec(file.toString('latin1'))!;
    expect(changed).toEqual(Buffer.concat([file.subarray(0, quoted.index), Buffer.from("'it\\'s \\\\ new'"), file.subarray(quoted.index + quoted[0].length)]));
  });
});

const define = (value: string) => `<?php\ndefine( 'DB_PASSWORD', ${value} );\n`;

describe('a file is refused', () => {
  it.each<[string, string, WpConfigFailure]>([
    ['that is empty', '', 'wp_config_no_define'],
    ['without the line', `<?php define( 'DB_NAME', 'x' );`, 'wp_config_no_define'],
    ['with the line in a comment alone', `<?php // define( 'DB_PASSWORD', 'x' );`, 'wp_config_no_define'],
    ['with the line outside of PHP', `define( 'DB_PASSWORD', 'x' );`, 'wp_config_no_define'],
    ['with the line in a text', `<?php $a = "define( 'DB_PASSWORD', 'x' );";`, 'wp_config_no_define'],
    ['with a method of that name', `<?php $a->define( 'DB_PASSWORD', 'x' ); A::define( 'DB_PASSWORD', 'x' );`, 'wp_config_no_define'],
    ['with the line twice', define(`'a'`) + define(`'b'`).slice(6), 'wp_config_two_defines'],
    ['with one line for each case', `<?php if (A) { define('DB_PASSWORD', 'a'); } else { define("DB_PASSWORD", 'b'); }`, 'wp_config_two_defines'],
    ['with a password from the environment', define(`getenv( 'DB_PASSWORD' )`), 'wp_config_environment'],
    ['of the Docker image', define(`getenv_docker('WORDPRESS_DB_PASSWORD', 'example password')`), 'wp_config_environment'],
    ['with a dead branch before a constant', `<?php if (0) { define('DB_PASSWORD', 'x'); } const DB_PASSWORD = 'y';`, 'wp_config_two_defines'],
    ['with a branch that never runs', `<?php if (0) { define('DB_PASSWORD', 'x'); }`, 'wp_config_conditional'],
    ['with a branch in the other syntax', `<?php if (A): define('DB_PASSWORD', 'x'); endif;`, 'wp_config_conditional'],
    ['with a branch without braces', `<?php if (A) define('DB_PASSWORD', 'x');`, 'wp_config_conditional'],
    ['with a branch in an expression', `<?php A && define('DB_PASSWORD', 'x');`, 'wp_config_conditional'],
    ['with the line in a function', `<?php function f() { define('DB_PASSWORD', 'x'); }`, 'wp_config_conditional'],
    ['with the line in a closure', `<?php $f = function () { define('DB_PASSWORD', 'x'); };`, 'wp_config_conditional'],
    ['with the line behind its end', `<?php if (A) { return; } define('DB_PASSWORD', 'x');`, 'wp_config_conditional'],
    ['that reads its password with Bedrock', `<?php Config::define('DB_PASSWORD', env('DB_PASSWORD'));`, 'wp_config_bedrock'],
    ['that loads Bedrock', `<?php require_once dirname(__DIR__) . '/config/application.php';`, 'wp_config_bedrock'],
    ['with a constant of a class', `<?php class A { const DB_PASSWORD = 'x'; } const DB_PASSWORD = f();`, 'wp_config_two_defines'],
    ['with a password put together', define(`'a' . 'b'`), 'wp_config_not_plain'],
    ['with a variable in the password', define(`"a$b"`), 'wp_config_not_plain'],
    ['with an expression in the password', define(`"a{$b['c']}"`), 'wp_config_not_plain'],
    ['with a password in a heredoc', define(`<<<X\na\nX`), 'wp_config_not_plain'],
    ['with no password at all', define(''), 'wp_config_not_plain'],
    ['with a text that has no end', define(`'a`), 'wp_config_unparsable'],
    ['with an expression that has no end', define(`"{$a['`), 'wp_config_unparsable'],
    ['with a comment that has no end', `<?php /* ${define(`'a'`)}`, 'wp_config_unparsable'],
    ['with a heredoc that has no end', `<?php $a = <<<X\n${define(`'a'`)}`, 'wp_config_unparsable'],
  ])('%s', (_, text, code) => {
    expect(codeOf(() => readPassword(PATH, Buffer.from(text)))).toBe(code);
    expect(codeOf(() => withPassword(PATH, Buffer.from(text), 'new'))).toBe(code);
  });
});

describe('a text', () => {
  it('is written so that it is read back, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (password) => {
        const bytes = Buffer.from(password).toString('latin1');
        expect(decodeText(encodeText(bytes))).toBe(bytes);
        expect(readPassword(PATH, withPassword(PATH, Buffer.from(define(`"a"`)), password))).toBe(Buffer.from(password).toString());
      }),
    );
  });

  it.each([
    [String.raw`'a\\b\'c\n'`, String.raw`a\b'c\n`],
    [String.raw`"a\\b\"c\n\x41\101\u{e9}\$d\q$"`, `a\\b"c\nAA\u00c3\u00a9$d\\q$`],
    ['`ls`', null],
    ['"$a"', null],
    ['"${a}"', null],
    [String.raw`"\\$a"`, null],
    [String.raw`"\$a"`, '$a'],
    [String.raw`"pa$\"x"`, 'pa$"x'],
    [String.raw`"pa$\\x"`, 'pa$\\x'],
    [String.raw`"{\$a}"`, '{$a}'],
    ['"a$"', 'a$'],
  ])('%s is %s', (source, text) => {
    expect(decodeText(source)).toBe(text);
  });
});

describe('a .env file', () => {
  const env = '/srv/site/.env';
  it.each([
    ['DB_PASSWORD=plain', 'plain'],
    ["DB_NAME=x\nexport DB_PASSWORD='it is $this'\nA=b", 'it is $this'],
    ['DB_PASSWORD="a\\"b\\\\c\\$d" # comment', 'a"b\\c$d'],
    ['A="\nDB_PASSWORD=inside\n"\r\nDB_PASSWORD = with-space  # note\r\nB=1', 'with-space'],
    ['# DB_PASSWORD=old\nDB_PASSWORD=new', 'new'],
    ['DATABASE_URL=\nDB_PASSWORD=', ''],
  ])('%j holds its password, and every other byte stays', (text, password) => {
    const file = Buffer.from(text);
    expect(readPassword(env, file)).toBe(password);
    for (const next of ['Zk3-generated_0', `it's "$odd" \\ # é`]) {
      const changed = withPassword(env, file, next);
      expect(readPassword(env, changed)).toBe(next);
      // Node's own reader of such files is the judge of what has no escapes.
      if (next === 'Zk3-generated_0') expect(parseEnv(changed.toString()).DB_PASSWORD).toBe(next);
    }
  });

  it.each<[string, WpConfigFailure]>([
    ['DB_NAME=x', 'wp_config_no_variable'],
    ['DB_PASSWORD=a\nDB_PASSWORD=b', 'wp_config_two_defines'],
    ['DB_PASSWORD=${OTHER}', 'wp_config_not_plain'],
    ['DB_PASSWORD="a$b"', 'wp_config_not_plain'],
    ["DATABASE_URL='mysql://a:b@c/d'\nDB_PASSWORD=a", 'wp_config_url_counts'],
    ['DB_URL=mysql://a:b@c/d\nDB_PASSWORD=a', 'wp_config_url_counts'],
  ])('%j is refused', (text, code) => {
    expect(codeOf(() => readPassword(env, Buffer.from(text)))).toBe(code);
  });
});

it.each(['settings.php', 'env.php', 'configuration.php'])('%s of another application is named as such', (name) => {
  expect(codeOf(() => readPassword(`/srv/site/${name}`, Buffer.from(`<?php $password = 'x';`)))).toBe('wp_config_other_application');
});
