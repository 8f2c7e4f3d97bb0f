// Fails where an import breaks a rule of import-rules.ts, or where folders import each other in a circle.
import { checkRooms } from './import-rules.ts';
import { measureRotationPath } from './rotation-path.ts';
import { root } from './run-tool.ts';

process.chdir(root);
const { stops, returns } = measureRotationPath();
console.log(`Reading a rotation from top to bottom: ${stops} stops, ${returns} of them returns.`);
process.exitCode = (await checkRooms(root)) > 0 ? 1 : 0;
