/** A text as LIKE finds it itself, and not as a pattern. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
