import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WP_CONFIGS } from '#scripts/testing/wp-configs.ts';
import type { WpConfigFailure } from './failures.ts';
import { readPassword, withPassword } from './find-password.ts';
import { decodeText, encodeText } from './php-text.ts';

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
    expect(readPassword(file)).toBe('kept-here');
    const changed = withPassword(file, "it's \\ new");
    expect(readPassword(changed)).toBe("it's \\ new");
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
    ['with a password from the environment', define(`getenv( 'DB_PASSWORD' )`), 'wp_config_not_plain'],
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
    expect(codeOf(() => readPassword(Buffer.from(text)))).toBe(code);
    expect(codeOf(() => withPassword(Buffer.from(text), 'new'))).toBe(code);
  });
});

describe('a text', () => {
  it('is written so that it is read back, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (password) => {
        const bytes = Buffer.from(password).toString('latin1');
        expect(decodeText(encodeText(bytes))).toBe(bytes);
        expect(readPassword(withPassword(Buffer.from(define(`"a"`)), password))).toBe(Buffer.from(password).toString());
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
  ])('%s is %s', (source, text) => {
    expect(decodeText(source)).toBe(text);
  });
});
