import { Clock, Laptop, type LucideIcon, NotebookText, Plug, SquareTerminal } from 'lucide-react';
import type { ConsumerKind } from '#lib/contract/consumer.ts';

/** How each kind is called and drawn, in the order in which they are offered. */
export const CONSUMER_KINDS: Record<ConsumerKind, { label: string; icon: LucideIcon }> = {
  ci_secret: { label: 'CI secret', icon: SquareTerminal },
  cron_job: { label: 'Cron job', icon: Clock },
  env_file: { label: '.env file', icon: Laptop },
  password_manager: { label: 'Password manager', icon: NotebookText },
  other: { label: 'Something else', icon: Plug },
};
