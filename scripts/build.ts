// `npm run build`: what `npm start` would make first, so that a start on this copy of the repository makes nothing.
import { buildDashboard, generateClient, writeApiDocument } from './launcher/prepare.ts';

await generateClient();
await writeApiDocument();
await buildDashboard();
