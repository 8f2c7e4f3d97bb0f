import { createHash, randomInt } from 'node:crypto';

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 6;
const HOW_MANY = 10;

const group = (): string => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** Ten codes such as `k3m9qz-…`: 24 characters of 32, 120 random bits each, with nothing that is easily misread. */
export const newRecoveryCodes = (): string[] => Array.from({ length: HOW_MANY }, () => Array.from({ length: GROUPS }, group).join('-'));

/** As it is stored. 120 random bits need no slow hash. Spaces, hyphens and case do not count. */
export const hashRecoveryCode = (code: string): string => createHash('sha256').update(code.replace(/[\s-]/g, '').toLowerCase()).digest('base64url');
