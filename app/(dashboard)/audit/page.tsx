/** The log alone: the layout draws it, and a record beside it is a page of its own. */
export default function AuditLogPage() {
  return null;
}
