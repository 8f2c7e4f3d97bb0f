// Writes the OpenAPI document of the API to generated/openapi.json, where its route finds it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '#scripts/run-tool.ts';

// The handlers read their settings when they are loaded; nothing here is asked of a server.
process.env.DATABASE_URL = 'postgresql://nobody@127.0.0.1:1/none';
process.env.REKEY_ENCRYPTION_KEY = Buffer.alloc(32, 'not used').toString('base64');
process.env.NEXTAUTH_SECRET = 'not used, and long enough to be taken';
const { makeDocument } = await import('./make-document.ts');

const file = join(root, 'generated/openapi.json');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(await makeDocument(), null, 2)}\n`);
