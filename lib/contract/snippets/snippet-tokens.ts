import type { ConnectionParts } from './connection-url.ts';
import { MASK } from './mask.ts';

/** `k` a name, `s` a value, `c` a comment, `t` the rest. */
type SnippetToken = readonly [kind: 'k' | 's' | 'c' | 't', text: string];
export type SnippetLine = readonly SnippetToken[];

export type EndpointName = 'pooled' | 'direct';
/** Where one can log in; `pooled` is null where there is no pooler. */
export interface SnippetInput {
  pooled: ConnectionParts | null;
  direct: ConnectionParts;
}
export type Write = (chosen: ConnectionParts, endpoint: EndpointName, input: SnippetInput) => SnippetLine[];

export const k = (text: string): SnippetToken => ['k', text];
export const s = (text: string): SnippetToken => ['s', text];
export const c = (text: string): SnippetToken => ['c', text];
export const t = (text: string): SnippetToken => ['t', text];
/** Whether the server's certificate is verified. */
export const verifies = ({ sslMode }: ConnectionParts): boolean => sslMode.startsWith('verify-');
/** What a snippet that names the file `ca.pem` says of it, behind the language's mark of a comment. */
export const caNote = (chosen: ConnectionParts, mark: string): SnippetLine[] =>
  verifies(chosen) ? [[c(`${mark} ca.pem: the server's CA, or a link to /etc/ssl/certs/ca-certificates.crt`)]] : [];
export const password = ({ password }: ConnectionParts): string => password ?? MASK;
