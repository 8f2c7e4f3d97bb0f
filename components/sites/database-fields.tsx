import type { UseFormRegisterReturn } from 'react-hook-form';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ReadUrlHint } from './read-url-hint.tsx';

interface DatabaseFieldsProps {
  /** What stands in the first field. */
  url: string;
  connection: UseFormRegisterReturn;
  rotator: UseFormRegisterReturn;
  errors: readonly [connection: string | undefined, rotator: string | undefined];
}

/** The two URLs by which an environment's database is adopted. */
export function DatabaseFields({ url, connection, rotator, errors: [connectionError, rotatorError] }: DatabaseFieldsProps) {
  return (
    <>
      <Field label="Connection URL" aside="optional" error={connectionError} hint={<ReadUrlHint url={url} />}>
        <Input machine placeholder="mysql://user:password@host:3306/database" {...connection} />
      </Field>
      <Field
        label="Rotator URL"
        aside="optional"
        error={rotatorError}
        hint="Another login that may change this user’s password. Two passwords at once need one on MariaDB."
      >
        <Input machine placeholder="mysql://rotator:password@host:3306/database" {...rotator} />
      </Field>
    </>
  );
}
