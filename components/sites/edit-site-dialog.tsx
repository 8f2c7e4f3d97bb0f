'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { useUpdateSite } from '#components/data/sites.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import { createSiteBody, type SiteWire } from '#lib/contract/vector/site.ts';

const schema = z.object({
  partner_customer_id: createSiteBody.shape.partner_customer_id,
  dev_domain: z.string().trim().max(253),
  wp_config_path: z.union([z.literal(''), createSiteBody.shape.wp_config_path.unwrap().unwrap()]),
});
type Values = z.infer<typeof schema>;

/** Changes what a site is called and which file holds its development password. */
export function EditSiteDialog({ site, onClose }: { site: SiteWire; onClose: () => void }) {
  const update = useUpdateSite(site.id);
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { partner_customer_id: site.partner_customer_id, dev_domain: site.dev_domain ?? '', wp_config_path: site.wp_config_path ?? '' },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(({ partner_customer_id, dev_domain: domain, wp_config_path: path }) =>
    update
      .mutateAsync({ partner_customer_id, dev_domain: domain || null, wp_config_path: path || null })
      .then(onClose, (error: Error) => showProblem(form, error)),
  );
  return (
    <FormDialog
      onClose={onClose}
      title="Edit the site"
      description="Its name, and the file that holds the password of its development database."
      onSubmit={() => void submit()}
      footNote="To change the address or login, use the Settings of the database’s project."
      action="Save"
      busy={isSubmitting && 'Saving'}
      problem={errors.root?.message}
      problemTitle="Nothing was changed."
    >
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label="Customer" error={errors.partner_customer_id?.message} hint="As your systems name the customer.">
          <Input machine {...form.register('partner_customer_id')} />
        </Field>
        <Field label="Domain" aside="optional" error={errors.dev_domain?.message} hint="The name of the site in Rekey.">
          <Input machine {...form.register('dev_domain')} />
        </Field>
      </div>
      <Field
        label="wp-config.php or .env"
        aside="optional"
        error={errors.wp_config_path?.message}
        hint="Its path where Rekey’s workers run. The next reset writes the new password into it; a previous file is left as it is."
      >
        <Input machine placeholder="/srv/site/wp-config.php" {...form.register('wp_config_path')} />
      </Field>
    </FormDialog>
  );
}
