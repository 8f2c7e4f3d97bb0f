/** The lane of a receiver: one for each host and port, so that a dead one keeps nobody else waiting. */
export const laneOfReceiver = (url: string): string => `webhook ${new URL(url).host}`;
