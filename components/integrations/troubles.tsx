import type { IntegrationWire } from '#lib/http/wire/integration.ts';
import { type Trouble, troublesOf } from './integration-words.ts';

/** What went wrong at an integration and what to do, a line for each reason. */
export function Troubles({ integration }: { integration: IntegrationWire }) {
  const troubles = troublesOf(integration);
  const { redeployment } = integration;
  return (
    <>
      {troubles.map(({ where, text }: Trouble) => (
        <p key={`${where} ${text}`} className="mt-1 text-xs text-ink-2 [overflow-wrap:anywhere]">
          {where && <b className="font-medium">{where}: </b>}
          {text}
        </p>
      ))}
      {redeployment?.state === 'failed' && (
        <p className="mt-1 text-xs text-ink-2">
          <b className="font-medium">Deployment: </b>
          {redeployment.failure}
        </p>
      )}
    </>
  );
}
