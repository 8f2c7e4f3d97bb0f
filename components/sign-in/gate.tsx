import type { ReactNode } from 'react';
import { Logo } from '#components/ui/logo.tsx';
import { HandoverPicture } from './handover-picture.tsx';

/** The frame of the pages before the sign-in: the form left, the picture right. `host` is the address people opened. */
export function Gate({ title, host, children }: { title: string; host: string; children: ReactNode }) {
  return (
    <main className="grid min-h-dvh grid-cols-1 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <section className="flex min-w-0 flex-col px-6 py-6 sm:px-10" aria-labelledby="gate">
        <p className="flex items-center gap-2 text-base font-semibold">
          <Logo />
          Rekey
        </p>
        <div className="m-auto w-full max-w-[23rem] py-10">
          <h1 id="gate" className="text-xl font-semibold">
            {title}
          </h1>
          {children}
        </div>
        <p className="text-xs text-ink-3">{host} · runs on your own machine</p>
      </section>
      <HandoverPicture />
    </main>
  );
}
