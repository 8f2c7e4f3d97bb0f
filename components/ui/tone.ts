/** What a colour says. `none` is grey: known, and neither good nor bad. */
export type Tone = 'ok' | 'warn' | 'danger' | 'info' | 'accent' | 'none';
