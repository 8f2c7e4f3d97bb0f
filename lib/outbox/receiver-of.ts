/** Who stands behind a URL: its host and port. What goes to one receiver may wait for it, and for no other. */
export const receiverOf = (url: string): string => new URL(url).host;
