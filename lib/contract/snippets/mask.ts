/** Stands for every secret that is not revealed: always twelve dots, whatever the true length is. */
export const MASK = '••••••••••••';
