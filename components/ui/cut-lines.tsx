'use client';

import { useEffect } from 'react';

/** As the pointer comes to a line that is cut where it has no room, its whole text becomes its tooltip. Once around the application. */
export function CutLines() {
  useEffect(() => {
    const show = ({ target }: PointerEvent) => {
      const line = target instanceof Element ? target.closest<HTMLElement>('.truncate') : null;
      // One that its component has named stays as it is.
      if (!line || (line.title !== '' && line.dataset.cut === undefined)) return;
      if (line.scrollWidth > line.clientWidth) {
        line.title = line.textContent ?? '';
        line.dataset.cut = '';
      } else if (line.dataset.cut !== undefined) {
        line.removeAttribute('title');
        delete line.dataset.cut;
      }
    };
    document.addEventListener('pointerover', show);
    return () => document.removeEventListener('pointerover', show);
  }, []);
  return null;
}
