import type { ComponentProps } from 'react';

/**
 * A `div` for Radix's `asChild` that drops the style attribute Radix adds: in the HTML that the server renders, the
 * Content-Security-Policy refuses it, and none of these styles is needed (an outline, the duration of an animation).
 */
export function PlainDiv({ style: _, ...props }: ComponentProps<'div'>) {
  return <div {...props} />;
}
