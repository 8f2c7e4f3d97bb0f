/** What lets the browser tests read the metrics. */
export const METRICS_TOKEN = '6f1ed002ab5595859014ebf0951522d9';
