import { isAuditGuarded } from '#lib/audit/is-guarded.ts';
import type { StatusWire } from '#lib/http/wire/account.ts';
import { describeError, log } from '#lib/log.ts';
import { workersAlive } from '#lib/queue/health.ts';
import { missingMigrations } from './missing-migrations.ts';

type Component = StatusWire['components'][number];

const ok = (name: string): Component => ({ name, status: 'ok' });
const degraded = (name: string, message: string): Component => ({ name, status: 'degraded', message });

async function checkStore(): Promise<Component> {
  try {
    const missing = await missingMigrations();
    return missing.length === 0
      ? ok('database')
      : degraded('database', `Migrations are missing: ${missing.join(', ')}. Run \`npm start\` or \`npx prisma migrate deploy\`.`);
  } catch (error) {
    log.warn({ error: describeError(error) }, 'the database does not answer');
    return degraded('database', 'The database does not answer.');
  }
}

async function checkWorkers(): Promise<Component> {
  try {
    const { count } = await workersAlive();
    if (count > 0) return { ...ok('worker'), message: count === 1 ? '1 worker is alive' : `${count} workers are alive`, workers: count };
    return { ...degraded('worker', 'No worker is alive: rotations wait. Start one with `npm run worker`, or restart `npm start`.'), workers: 0 };
  } catch {
    return degraded('worker', 'Not known: the database does not answer.');
  }
}

/** Not the strongest guard is no reason to be taken out of service. */
async function checkAudit(): Promise<Component> {
  try {
    if (await isAuditGuarded()) return { ...ok('audit'), message: 'The login of the application cannot change the audit log.' };
    const mend = 'Give the owner in REKEY_MIGRATE_DATABASE_URL and another role in DATABASE_URL.';
    return { ...ok('audit'), message: `Triggers alone guard the audit log: the login of the application owns it. ${mend}` };
  } catch {
    return degraded('audit', 'Not known: the database does not answer.');
  }
}

/** Whether Rekey can do its work now: its own database with all migrations, and a living worker. */
export async function checkHealth(): Promise<StatusWire> {
  const components = await Promise.all([checkStore(), checkWorkers(), checkAudit()]);
  const isOk = components.every((component) => component.status === 'ok');
  return { service: 'rekey', status: isOk ? 'ok' : 'degraded', components, generated_at: new Date().toISOString() };
}
