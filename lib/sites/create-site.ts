import { recordAudit } from '#lib/audit/record-audit.ts';
import type { CreateSiteBody, SiteWire } from '#lib/contract/vector/site.ts';
import { publicId } from '#lib/contract/vector/site-names.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { wakeVerification } from '#lib/logins/insert-verification.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { keyedTags } from '#lib/projects/set-tags.ts';
import { takePasswordGuess } from '#lib/projects/take-password-guess.ts';
import { adoptSiteDatabase, readDatabase } from './adopt-site-database.ts';
import { loadSite, named } from './load-site.ts';
import { siteProjectName } from './site-name.ts';
import { tellSite } from './tell-lifecycle.ts';
import { siteToWire } from './to-wire.ts';

/**
 * Adopts a site with its development database and starts the job that proves the login. Nothing on the server changes.
 * @throws {DomainError} validation_failed naming the field, rotation_in_progress
 */
export async function createSite(context: Context, body: CreateSiteBody): Promise<SiteWire> {
  const { organizationId } = context;
  const target = readDatabase(body.database);
  await takePasswordGuess(context, target.direct);
  const id = newId('sit');
  const { jobId, login, told } = await db.$transaction(async (tx) => {
    const adopted = await adoptSiteDatabase(tx, context, target, {
      name: siteProjectName({ devDomain: body.dev_domain ?? null, partnerCustomerId: body.partner_customer_id }, null),
      environment: 'non_production',
      tags: keyedTags(body.tags ?? []),
    });
    const externalId = body.id ?? null;
    if (externalId !== null && (await tx.site.findFirst({ where: named(context, externalId), select: { id: true } })))
      throw invalidField('id', 'Another site has this id. Leave it out, or use the id that this one has on its platform.');
    const created = await tx.site.create({
      data: {
        id,
        organizationId,
        externalId,
        projectId: adopted.id,
        partnerCustomerId: body.partner_customer_id,
        tags: body.tags ?? [],
        devDomain: body.dev_domain ?? null,
        devPhpVersion: body.dev_php_version ?? null,
        wpConfigPath: body.wp_config_path ?? null,
      },
    });
    await recordAudit(tx, context, {
      action: 'site.adopted',
      projectId: adopted.id,
      metadata: { site_id: publicId(created), partner_customer_id: body.partner_customer_id },
    });
    return { ...adopted, told: await tellSite(tx, context, 'created', await loadSite(context, id, tx)) };
  });
  await wakeDeliveries(told);
  wakeVerification(jobId, login);
  return siteToWire(await loadSite(context, id));
}
