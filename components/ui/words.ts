/** "1 session", "3 sessions". */
export const countWords = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** "a", "a and b", "a, b and c". */
export const listWords = (words: readonly string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);
