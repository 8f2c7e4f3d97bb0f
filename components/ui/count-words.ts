/** "1 session", "3 sessions". */
export const countWords = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
