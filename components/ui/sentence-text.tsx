import { Fragment } from 'react';
import type { Sentence } from './sentence.ts';
import { Time } from './time.tsx';

/** Draws a sentence: times in the reader's zone, identifiers in mono. */
export function SentenceText({ of }: { of: Sentence }) {
  return of.map((word, index) => {
    // A sentence is replaced whole, so the place of a word is its name.
    const key = `${index}`;
    if (typeof word === 'string') return <Fragment key={key}>{word}</Fragment>;
    return 'time' in word ? <Time key={key} at={word.time} style="moment" /> : <code key={key}>{word.code}</code>;
  });
}
