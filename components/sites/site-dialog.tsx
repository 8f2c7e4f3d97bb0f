'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { useCreateSite } from '#components/data/sites.ts';
import { ConnectionSteps } from '#components/projects/connection-steps.tsx';
import { needsSecondPress, useConnectionTest } from '#components/projects/use-connection-test.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { createSiteBody } from '#lib/contract/vector/site.ts';
import { ReadUrlHint } from './read-url-hint.tsx';
import { showDatabaseProblem } from './show-database-problem.ts';

const schema = z.object({
  partner_customer_id: createSiteBody.shape.partner_customer_id,
  dev_domain: z.string().trim().max(253),
  connection_url: createSiteBody.shape.database.shape.connection_url,
  rotator_url: z.string().trim().max(4096),
  wp_config_path: z.union([z.literal(''), createSiteBody.shape.wp_config_path.unwrap().unwrap()]),
});
type Values = z.infer<typeof schema>;

/** Adopts a site with its development database. Nothing on the server changes. */
export function SiteDialog({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const create = useCreateSite();
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { partner_customer_id: '', dev_domain: '', connection_url: '', rotator_url: '', wp_config_path: '' },
  });
  const { errors, isSubmitting } = form.formState;
  const test = useConnectionTest();
  const databaseOf = ({ connection_url: url, rotator_url: rotator }: Values) => ({ connection_url: url.trim(), ...(rotator && { rotator_url: rotator }) });
  const database = databaseOf(form.watch());
  const result = test.resultOf(database);
  const submit = form.handleSubmit(async (values) => {
    const { partner_customer_id, dev_domain: domain, wp_config_path: path } = values;
    const given = databaseOf(values);
    try {
      if (!(await test.mayAdd(given))) return;
      const { data } = await create.mutateAsync({
        partner_customer_id,
        database: given,
        ...(domain && { dev_domain: domain }),
        ...(path && { wp_config_path: path }),
      });
      router.push(`/sites/${encodeURIComponent(data.id)}`);
    } catch (error) {
      showDatabaseProblem(form, error as Error);
    }
  });
  return (
    <FormDialog
      onClose={onClose}
      title="Add a site"
      description="Rekey logs in to its development database and checks what it may change. Environments are added on the site’s page."
      onSubmit={() => void submit()}
      footNote="The password stays as it is, and so does wp-config.php."
      action={needsSecondPress(result) ? 'Add it anyway' : 'Add the site'}
      busy={isSubmitting && (test.isTesting ? 'Testing the login' : 'Adding')}
      problem={errors.root?.message}
      problemTitle="The site was not added."
    >
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label="Customer" error={errors.partner_customer_id?.message} hint="As your systems name the customer.">
          <Input machine placeholder="cust_4417" {...form.register('partner_customer_id')} />
        </Field>
        <Field label="Domain" aside="optional" error={errors.dev_domain?.message} hint="The name of the site in Rekey.">
          <Input machine placeholder="north-bakery.example.com" {...form.register('dev_domain')} />
        </Field>
      </div>
      <Field
        label="Connection URL"
        aside="development database"
        error={errors.connection_url?.message}
        hint={<ReadUrlHint url={form.watch('connection_url')} />}
      >
        <Input machine placeholder="mysql://user:password@host:3306/database" {...form.register('connection_url')} />
      </Field>
      <Field
        label="Rotator URL"
        aside="optional"
        error={errors.rotator_url?.message}
        hint="Another login that may change this user’s password. Without it the user changes its own."
      >
        <Input machine placeholder="mysql://rotator:password@host:3306/database" {...form.register('rotator_url')} />
      </Field>
      <Field
        label="wp-config.php or .env"
        aside="optional"
        error={errors.wp_config_path?.message}
        hint="Its path where Rekey’s workers run. A reset writes the new password into it, and stops before it changes anything if it cannot."
      >
        <Input machine placeholder="/srv/site/wp-config.php" {...form.register('wp_config_path')} />
      </Field>
      {result && !isSubmitting && <ConnectionSteps result={result} fields={database} failed="The site was not added: the login failed." />}
    </FormDialog>
  );
}
