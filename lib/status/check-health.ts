import { isAuditGuarded } from '#lib/audit/is-guarded.ts';
import type { StatusWire } from '#lib/contract/account.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { mailWarning } from '#lib/notifications/mail-warning.ts';
import { workersAlive } from '#lib/queue/health.ts';
import { readClocks } from '#lib/queue/process-clocks.ts';
import { missingMigrations } from './missing-migrations.ts';
import { probeWrite } from './probe-write.ts';

type Component = StatusWire['components'][number];

const ok = (name: string): Component => ({ name, status: 'ok' });
const degraded = (name: string, message: string): Component => ({ name, status: 'degraded', message });

async function checkStore(): Promise<Component> {
  try {
    const missing = await missingMigrations();
    if (missing.length > 0) return degraded('database', `Migrations are missing: ${missing.join(', ')}. Run \`npm start\` or \`npx prisma migrate deploy\`.`);
  } catch (error) {
    log.warn({ error: describeError(error) }, 'the database does not answer');
    return degraded('database', 'The database does not answer.');
  }
  try {
    await probeWrite();
    return ok('database');
  } catch (error) {
    log.error({ error: describeError(error) }, 'the database takes no writes');
    return degraded('database', 'The database takes no writes: its disk is full, it is read-only, or rights are missing. Rotations wait until it does.');
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

/** Rekey goes by the store's clock, so a wrong clock is no reason to be taken out of service. */
async function checkClocks(): Promise<Component> {
  try {
    const clocks = await readClocks();
    const farthest = clocks.reduce((most, { skewMs }) => (Math.abs(skewMs) > Math.abs(most) ? skewMs : most), 0);
    const component = { ...ok('clocks'), skew_seconds: Math.round(farthest / 100) / 10 };
    const skewed = clocks.reduce((sum, one) => sum + one.skewed, 0);
    return skewed === 0 ? component : { ...component, message: skewText(skewed, farthest) };
  } catch {
    return degraded('clocks', 'Not known: the database does not answer.');
  }
}

const skewText = (processes: number, skewMs: number): string =>
  `${processes === 1 ? 'The clock of 1 process is' : `The clocks of ${processes} processes are`} up to ${Math.round(Math.abs(skewMs) / 1000)} s ` +
  `${skewMs > 0 ? 'ahead of' : 'behind'} the database's. Rekey goes by the database's clock; check the time service on its machines.`;

/** Not the strongest guard is no reason to be taken out of service. */
async function checkAudit(): Promise<Component> {
  try {
    if (await isAuditGuarded()) return { ...ok('audit'), message: 'The login of the application cannot change the audit log.' };
    const fix = 'Set the owner in REKEY_MIGRATE_DATABASE_URL and another role in DATABASE_URL.';
    return { ...ok('audit'), message: `Only triggers protect the audit log, because the application's login owns it. ${fix}` };
  } catch {
    return degraded('audit', 'Not known: the database does not answer.');
  }
}

/** E-mails that are not taken stop no rotation: no reason to be taken out of service. */
async function checkMail(): Promise<Component[]> {
  try {
    const warning = await mailWarning();
    return warning === undefined ? [] : [{ ...ok('mail'), ...(warning !== null && { message: warning }) }];
  } catch {
    return [degraded('mail', 'Not known: the database does not answer.')];
  }
}

/** Whether Rekey can do its work now: its own database with all migrations, which takes writes, and a living worker. */
export async function checkHealth(): Promise<StatusWire> {
  const components = (await Promise.all([checkStore(), checkWorkers(), checkAudit(), checkClocks(), checkMail()])).flat();
  const isOk = components.every((component) => component.status === 'ok');
  return { service: 'rekey', status: isOk ? 'ok' : 'degraded', components, generated_at: storeTime().toISOString() };
}
