'use client';

import { useState } from 'react';
import type { PlaceListWire } from '#lib/http/wire/integration.ts';
import { ChoosePlace } from './choose-place.tsx';
import { PasteToken } from './paste-token.tsx';
import { PROVIDERS, type Provider } from './providers.ts';

interface ConnectDialogProps {
  projectId: string;
  projectName: string;
  provider: Provider;
  onClose: () => void;
}

/** A token first, which also proves it; then the place and what is written there. The token stays in this dialog until it is sent. */
export function ConnectDialog(props: ConnectDialogProps) {
  const [found, setFound] = useState<{ token: string; list: PlaceListWire } | null>(null);
  const title = `Connect ${PROVIDERS[props.provider].fullName} with ${props.projectName}`;
  if (found === null) return <PasteToken {...props} title={title} onFound={(token, list) => setFound({ token, list })} />;
  return <ChoosePlace {...props} title={title} token={found.token} list={found.list} onBack={() => setFound(null)} />;
}
