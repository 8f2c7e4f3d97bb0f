/** A sentence whose times and identifiers are marked, so that the page can set them in their own way. */
export type Word = string | { time: string } | { code: string };
export type Sentence = readonly Word[];

export const at = (time: string): Word => ({ time });
export const code = (text: string): Word => ({ code: text });

const isSentence = (value: Word | number | Sentence): value is Sentence => Array.isArray(value);

/** A tagged template: ``say`v14 logged in at ${at(time)}.` ``. Sentences may stand in sentences. */
export function say(strings: TemplateStringsArray, ...values: readonly (Word | number | Sentence)[]): Sentence {
  const words = strings.flatMap((text, index): Word[] => {
    const value = values[index];
    if (value === undefined) return [text];
    if (isSentence(value)) return [text, ...value];
    return [text, typeof value === 'number' ? String(value) : value];
  });
  return words.filter((word) => word !== '');
}

/** The sentence as plain text. */
export const plain = (sentence: Sentence, formatTime: (time: string) => string = (time) => time): string =>
  sentence.map((word) => (typeof word === 'string' ? word : 'time' in word ? formatTime(word.time) : word.code)).join('');
