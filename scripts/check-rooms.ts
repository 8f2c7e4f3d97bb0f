// Fails where an import breaks a rule of import-rules.ts, or where folders import each other in a circle.
import { checkRooms } from './import-rules.ts';
import { root } from './run-tool.ts';

process.chdir(root);
process.exitCode = (await checkRooms(root)) > 0 ? 1 : 0;
