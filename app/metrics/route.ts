export { answerMetrics as GET } from '#lib/http/answer-metrics.ts';
export * from '#lib/http/other-methods.ts';
