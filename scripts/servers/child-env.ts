/** The variable by which a start finds what a killed one left running: the data folder, passed on to children and theirs. */
export const LAUNCHED_FOR = 'REKEY_LAUNCHED_FOR';

const SYSTEM = /^(PATH|TZ|TMPDIR|LANG|LANGUAGE|LC_\w+|LD_LIBRARY_PATH|LD_PRELOAD|DYLD_\w+|FAKETIME\w*|REKEY_LAUNCHED_FOR)$/;
const NODE = /^(HOME|USER|LOGNAME|NODE_OPTIONS|NODE_EXTRA_CA_CERTS|NODE_COMPILE_CACHE|SSL_CERT_FILE|SSL_CERT_DIR|CI|NO_COLOR|FORCE_COLOR|TERM)$/;

const pick = (matches: (name: string) => boolean): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => matches(name))) as NodeJS.ProcessEnv;

/**
 * What a database server or a pooler needs of the environment. It runs as a user of its own, who can read it in /proc:
 * no setting of Rekey's is in it.
 */
export const serverEnv = (): NodeJS.ProcessEnv => pick((name) => SYSTEM.test(name));

/** What any Node program needs of the environment, without settings of Rekey: the caller adds those. */
export const programEnv = (): NodeJS.ProcessEnv => pick((name) => SYSTEM.test(name) || NODE.test(name));
