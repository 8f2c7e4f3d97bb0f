import { type ComponentProps, type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

interface CardProps extends Omit<ComponentProps<'section'>, 'title'> {
  /** The head's title; without it the card has no head. */
  title?: ReactNode;
  /** Grey words beside the title. */
  aside?: ReactNode;
  /** Buttons and badges at the head's right end. */
  actions?: ReactNode;
  foot?: ReactNode;
}

/** A bordered ground, with a head where it has a title. */
export function Card({ title, aside, actions, foot, className, children, ...rest }: CardProps) {
  const id = useId();
  return (
    <section className={classNames('card', className)} aria-labelledby={title ? id : undefined} {...rest}>
      {title && (
        <div className="card-head">
          <h2 id={id}>{title}</h2>
          {aside && <span className="text-xs text-ink-3">{aside}</span>}
          {actions && <span className="spacer" />}
          {actions}
        </div>
      )}
      {children}
      {foot && <div className="card-foot">{foot}</div>}
    </section>
  );
}
