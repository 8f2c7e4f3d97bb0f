// CapyDB's clients ask for it beside the API, without a version.
export { DELETE, GET, PATCH, POST, PUT } from '#app/api/v1/status/route.ts';
