import type { TestProject } from 'vitest/node';
import { startControlDatabase } from './control-database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    controlServerUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startControlDatabase();
  project.provide('controlServerUrl', server.url);
  return server.stop;
}
