// `npm run build`: what `npm start` would make first, so that a start on this copy of the repository makes nothing.
import { buildDashboard, generateCode } from './launcher/prepare.ts';

await generateCode();
await buildDashboard();
