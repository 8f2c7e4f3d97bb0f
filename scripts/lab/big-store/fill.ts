// Fills the store at DATABASE_URL to a size given as JSON, and prints the Authorization header of an API key there.
import { keyHeaders } from '#scripts/testing/call-api.ts';
import { fillStore, ORGANIZATION_ID, type StoreSize } from '#scripts/testing/fill-store.ts';

await fillStore(JSON.parse(process.argv[2] ?? '') as StoreSize);
process.stdout.write((await keyHeaders(ORGANIZATION_ID)).authorization);
process.exit(0);
