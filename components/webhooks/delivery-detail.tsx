'use client';

import { useState } from 'react';
import { Segmented } from '#components/ui/segmented.tsx';
import type { DeliveryAttemptWire, DeliveryWire } from '#lib/contract/webhook.ts';

/** An answer is read up to 4 KiB; one that is cut may have lost a character at its end. */
const KEPT_CHARACTERS = 4093;

/** What was sent at one try of a delivery, and what was answered. */
export function DeliveryDetail({ delivery }: { delivery: DeliveryWire }) {
  const log = delivery.attempt_log;
  const [index, setIndex] = useState(0);
  const attempt = log[index] ?? log[0];
  return (
    <div className="border-t border-line">
      {delivery.last_error && <p className="px-4 pt-3 text-ink-2">{delivery.last_error}</p>}
      {log.length > 1 && (
        <div className="overflow-x-auto px-4 pt-3">
          <Segmented
            label="Try"
            value={String(log.indexOf(attempt as DeliveryAttemptWire))}
            onChange={(value) => setIndex(Number(value))}
            options={log.map(({ number }, i) => ({ value: String(i), label: `Try ${number}` })).reverse()}
          />
        </div>
      )}
      <div className="grid grid-cols-1 md:grid-cols-2">
        <Side title="Sent" className="border-line md:border-r">
          <Headers headers={{ 'content-type': 'application/json', ...attempt?.request_headers }} />
          {pretty(delivery.request_body)}
        </Side>
        <Side title="Answered" className="max-md:border-t max-md:border-line">
          {attempt ? <Answer attempt={attempt} /> : 'Nothing was sent yet.'}
        </Side>
      </div>
    </div>
  );
}

function Side({ title, className, children }: { title: string; className?: string; children: React.ReactNode }) {
  return (
    <section className={`flex min-w-0 flex-col ${className ?? ''}`} aria-label={title}>
      <h3 className="px-4 pt-3 pb-1.5 text-xs font-medium text-ink-3">{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <pre tabIndex={0} className="code max-h-96 flex-1 overflow-y-auto">
        <code>{children}</code>
      </pre>
    </section>
  );
}

function Headers({ headers }: { headers: Record<string, string> }) {
  return (
    <>
      {Object.entries(headers).map(([name, value]) => (
        <span key={name}>
          <span className="k">{name.toLowerCase()}</span>: {value}
          {'\n'}
        </span>
      ))}
      {'\n'}
    </>
  );
}

function Answer({ attempt }: { attempt: DeliveryAttemptWire }) {
  const { response_status: status, response_headers: headers, response_body: body } = attempt;
  if (status === null) return <span className="c">There was no answer: {attempt.failure?.replaceAll('_', ' ')}.</span>;
  return (
    <>
      {`HTTP ${status}\n`}
      <Headers headers={headers ?? {}} />
      {body ? pretty(body) : <span className="c">No body.</span>}
      {body !== null && body.length >= KEPT_CHARACTERS && <span className="c">{'\n'}Only the first 4 KiB are kept.</span>}
    </>
  );
}

/** JSON with its lines; anything else as it is. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
