import { ImportFileError, type ImportFormat, splitImportFile } from '#lib/contract/import-file.ts';
import { invalidField } from '#lib/kernel/errors.ts';

/** The rows of a file that was sent. Throws validation_failed for `content`, naming the line. */
export function readImportFile({ format, content }: { format: ImportFormat; content: string }): ReturnType<typeof splitImportFile> {
  try {
    return splitImportFile(format, content);
  } catch (error) {
    if (error instanceof ImportFileError) throw invalidField('content', error.message);
    throw error;
  }
}
