/** The size of a figure, in its own units, and the line that it stands on. */
export const FIGURE = { width: 300, height: 56, base: 55 } as const;

/** A label under the line, `at` 0 to 1 of its length. */
export interface FigureTick {
  at: number;
  label: string;
}
