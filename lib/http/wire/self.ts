import { z } from 'zod';

export const confirmBody = z.strictObject({ password: z.string().min(1, 'Give your password.').max(1024, 'This is longer than any password here.') });
export type ConfirmBody = z.infer<typeof confirmBody>;
