import mysql from 'mysql2';

/** A text as SQL; every session of ours runs in an sql_mode in which a backslash escapes. */
export const quote = (text: string): string => mysql.escape(text);
