-- The project of a site's database is called after the site, as everywhere else: by its domain, or its customer. One that
-- a person has renamed keeps that name.
UPDATE projects p SET name = left(coalesce(nullif(s.dev_domain, ''), s.partner_customer_id) || ' development', 80)
FROM sites s WHERE s.project_id = p.id AND p.name = s.partner_customer_id || ' development';

UPDATE projects p SET name = left(coalesce(nullif(s.dev_domain, ''), s.partner_customer_id) || ' ' || e.name, 80)
FROM environments e JOIN sites s ON s.id = e.site_id
WHERE e.project_id = p.id AND p.name IN (s.partner_customer_id || ' ' || e.name, coalesce(s.external_id, s.id) || ' ' || e.name);
