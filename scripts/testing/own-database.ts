// Runs in each worker before a test file is imported, so that lib/kernel/env.ts finds the file's own database.
import { inject } from 'vitest';
import { cloneControlDatabase } from './control-database.ts';

process.env.DATABASE_URL = await cloneControlDatabase(inject('controlServerUrl'));
