/** `needs_attention` as people read it. */
export const labelOf = (status: string): string => status.charAt(0).toUpperCase() + status.slice(1).replaceAll('_', ' ');
