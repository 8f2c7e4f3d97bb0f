/** How a login stands, as the letters of the API. */
const SHAPES = { r: 'verified', p: 'running', d: 'doubt', f: 'failed', s: 'skipped', w: 'waiting' } as const;
type Letter = keyof typeof SHAPES;
export type MarkShape = (typeof SHAPES)[Letter];

const SIZE = 5;
const PITCH = 7;
const isLetter = (text: string): text is Letter => text in SHAPES;

/** Draws one mark, or a run of equal ones in one row, with its upper left corner at x, y. */
const DRAW: Record<MarkShape, (x: number, y: number, count: number) => string> = {
  verified: (x, y, count) => `M${x} ${y + 2.5}h${count * PITCH - 2}`,
  waiting: (x, y, count) => `M${x} ${y + 2.5}h${count * PITCH - 2}`,
  skipped: (x, y, count) => `M${x} ${y + 2.5}h${count * PITCH - 2}`,
  running: (x, y, count) => Array.from({ length: count }, (_, i) => `M${x + i * PITCH + 0.75} ${y + 0.75}h3.5v3.5h-3.5z`).join(''),
  doubt: (x, y, count) => Array.from({ length: count }, (_, i) => `M${x + i * PITCH + 2.5} ${y}l2.5 2.5l-2.5 2.5l-2.5 -2.5z`).join(''),
  failed: (x, y, count) => Array.from({ length: count }, (_, i) => `M${x + i * PITCH + 0.5} ${y + 0.5}l4 4m0-4l-4 4`).join(''),
};

export interface Marks {
  width: number;
  height: number;
  /** One path for each state that occurs, so that 10,000 marks stay six elements. */
  paths: { shape: MarkShape; d: string }[];
}

/** The marks of a wave, one for each letter, in rows of so many columns. */
export function layOutMarks(letters: string, columns: number): Marks {
  const paths = new Map<MarkShape, string>();
  for (let row = 0; row * columns < letters.length; row++) {
    const line = letters.slice(row * columns, (row + 1) * columns);
    for (const run of line.matchAll(/(.)\1*/g)) {
      const [text] = run;
      const letter = text.charAt(0);
      if (!isLetter(letter)) continue;
      const shape = SHAPES[letter];
      paths.set(shape, (paths.get(shape) ?? '') + DRAW[shape](run.index * PITCH, row * PITCH, text.length));
    }
  }
  const rows = Math.max(1, Math.ceil(letters.length / columns));
  return { width: columns * PITCH - 2, height: rows * PITCH - (PITCH - SIZE), paths: [...paths].map(([shape, d]) => ({ shape, d })) };
}
