import { describe, expect, it } from 'vitest';
import { DomainError } from '#lib/kernel/errors.ts';
import { parseUrl } from './parse-url.ts';

function faultsOf(url: string): string[] {
  try {
    parseUrl('connection_url', url);
  } catch (error) {
    if (error instanceof DomainError) return error.extras.fields?.connection_url ?? [];
    throw error;
  }
  return [];
}

describe('parseUrl', () => {
  it('takes both schemes, and the default port', () => {
    for (const scheme of ['postgres', 'postgresql', 'POSTGRESQL']) {
      const { password, ...rest } = parseUrl('connection_url', ` ${scheme}://app:s3cret@DB.Example.com/orders `);
      expect(rest).toEqual({
        engine: 'postgresql',
        host: 'db.example.com',
        port: 5432,
        user: 'app',
        database: 'orders',
        sslMode: null,
        template: `${scheme}://app:@DB.Example.com/orders`,
      });
      expect(password.reveal()).toBe('s3cret');
    }
  });

  it('takes MySQL and MariaDB, with their default port and their words for TLS', () => {
    for (const scheme of ['mysql', 'mariadb'])
      expect(parseUrl('connection_url', `${scheme}://app:s3cret@h/d`)).toMatchObject({ engine: 'mysql', port: 3306, sslMode: null });
    for (const query of ['ssl-mode=VERIFY_CA', 'ssl-mode=verify_ca', 'sslmode=verify-ca'])
      expect(parseUrl('connection_url', `mysql://app:s3cret@h:1/d?${query}`)).toMatchObject({ port: 1, sslMode: 'verify-ca' });
  });

  it('decodes what is percent-encoded, and takes an @ or a space that is not', () => {
    const { password, user, database } = parseUrl('connection_url', 'postgres://my%20app:p%40s%2Fs%3F%23%25:@x@h:6432/sales%20data');
    expect([user, password.reveal(), database]).toEqual(['my app', 'p@s/s?#%:@x', 'sales data']);
  });

  it('takes IPv6', () => {
    expect(parseUrl('connection_url', 'postgres://u:p@[2001:DB8::1]:5433/d')).toMatchObject({ host: '2001:db8::1', port: 5433 });
  });

  it('reads sslmode and ignores client settings', () => {
    expect(parseUrl('connection_url', 'postgres://u:p@h/d?sslmode=verify-full&pgbouncer=true').sslMode).toBe('verify-full');
  });

  it.each([
    ['ssl=true', 'require'],
    ['ssl=require', 'require'],
    ['ssl=false', 'disable'],
    ['sslmode=allow', 'prefer'],
    ['sslmode=no-verify', 'require'],
    ['sslmode=verify-ca&ssl=verify-ca', 'verify-ca'],
    ['sslrootcert=system', 'verify-full'],
    ['sslmode=require&sslnegotiation=direct', 'require'],
    ['pgbouncer=true', null],
  ])('takes %s as %s', (query, sslMode) => {
    expect(parseUrl('connection_url', `postgres://u:p@h/d?${query}`).sslMode).toBe(sslMode);
  });

  it.each([
    ['ssl=true', 'require'],
    ['sslMode=VERIFY_IDENTITY', 'verify-full'],
    ['ssl={"rejectUnauthorized":false}', 'require'],
    ['ssl={}', 'verify-ca'],
  ])('takes %s as %s of MySQL', (query, sslMode) => {
    expect(parseUrl('connection_url', `mysql://u:p@h/d?${query}`).sslMode).toBe(sslMode);
  });

  it.each([
    ['no password', 'postgres://u@h/d', /Add the password/],
    ['an empty password', 'postgres://u:@h/d', /Add the password/],
    ['no user', 'postgres://:p@h/d', /Name the user/],
    ['no host', 'postgres://u:p@/d', /Name the host/],
    ['no host, with a port', 'postgres://u:p@:5432/d', /Name the host/],
    ['no database', 'postgres://u:p@h:5432', /Add the name of the database/],
    ['no database after the slash', 'postgres://u:p@h:5432/', /Add the name of the database/],
    ['a raw slash in the password', 'postgres://u:p/s@h/d', /%2F/],
    ['a raw slash after digits', 'postgres://u:12/s@h/d', /%2F/],
    ['a raw # in the password', 'postgres://u:p#s@h/d', /%23/],
    ['a raw ? in the password', 'postgres://u:p?s@h/d', /%3F/],
    ['a raw % in the password', 'postgres://u:p%zz@h/d', /%25/],
    ['a port too high', 'postgres://u:p@h:99999/d', /port from 1 to 65535/],
    ['port 0', 'postgres://u:p@h:0/d', /port from 1 to 65535/],
    ['several hosts', 'postgres://u:p@a,b/d', /one host/],
    ['several hosts with a port each', 'postgres://u:p@h1:5432,h2:5432/d', /one host/],
    ['several hosts with a port each and parameters', 'postgres://u:p@h1:5432,h2:5433/d?target_session_attrs=read-write', /one host/],
    ['a socket folder', 'postgres://u:p@%2Frun%2Fpg/d', /by TCP/],
    ['a host in the parameters', 'postgres://u:p@h/d?host=other', /Leave out the parameter host/],
    ['an unknown sslmode', 'postgres://u:p@h/d?sslmode=maybe', /sslmode to one of: .*allow \(treated as prefer\)/],
    ['an unknown ssl', 'postgres://u:p@h/d?ssl=maybe', /sslmode to one of/],
    ['two words for TLS', 'postgres://u:p@h/d?ssl=true&sslmode=disable', /Set the TLS mode once/],
    ['a file of authorities', 'postgres://u:p@h/d?sslmode=verify-ca&sslrootcert=/etc/ca.pem', /sslrootcert.*field ca_pem/],
    ['a file of authorities of MySQL', 'mysql://u:p@h/d?ssl-ca=/etc/ca.pem', /ssl-ca.*field ca_pem/],
    ['direct negotiation where TLS may be left out', 'postgres://u:p@h/d?sslnegotiation=direct', /sslmode=require.*beside sslnegotiation=direct/],
    ['a key that stands for the password', 'postgres://u:p@h/d?scram_client_key=x', /Leave out the parameter scram_client_key/],
    ['another user by a parameter in capitals', 'postgres://u:p@h/d?USER=x', /Leave out the parameter USER/],
    ['a socket', 'mysql://u:p@h/d?socketPath=/x', /Leave out the parameter socketPath/],
    ['several hosts with ports', 'postgres://u:p@h1:5432,h2:5432/d', /one host/],
    ['a user of 64 bytes', `postgres://${'u'.repeat(64)}:p@h/d`, /name of the user has 64 bytes/],
    ['a user of 32 letters and 64 bytes', `postgres://${'ü'.repeat(32)}:p@h/d`, /name of the user has 64 bytes/],
    ['a database of 64 bytes', `postgres://u:p@h/${'d'.repeat(64)}`, /name of the database has 64 bytes/],
    ['another scheme', 'http://u:p@h/d', /begins with postgresql:/],
    ['a driver in the scheme', 'postgresql+psycopg://u:p@h/d', /begins with postgresql:/],
    ['an unknown ssl-mode', 'mysql://u:p@h/d?ssl-mode=SOME', /ssl-mode to one of: DISABLED/],
    ['a NUL in the user', 'postgres://u%00options:p@h/d', /%00/],
    ['a NUL in the password', 'postgres://u:p%00@h/d', /%00/],
    ['a NUL in the database', 'mysql://u:p@h/d%00', /%00/],
    ['an address as Go writes it', 'mysql://u:p@tcp(h:3306)/d', /like mysql:\/\/user:password@db\.example\.com:3306/],
    ['no URL', 'host=h user=u', /begins with postgresql:/],
  ])('refuses %s and names the fix', (_name, url, fix) => {
    expect(faultsOf(url).join(' ')).toMatch(fix);
  });

  it('takes names of 63 bytes', () => {
    const name = 'n'.repeat(63);
    expect(parseUrl('connection_url', `postgres://${name}:p@h/${name}`)).toMatchObject({ user: name, database: name });
  });

  it('names everything that is missing at once', () => {
    expect(faultsOf('postgres://:@h')).toHaveLength(3);
  });

  it('lets the database be left out if the caller allows it', () => {
    expect(parseUrl('rotator_url', 'postgres://u:p@h', { isDatabaseOptional: true }).database).toBeNull();
  });

  it('never quotes the password', () => {
    const canary = 'c4n4ry';
    for (const url of [`postgres://u:${canary}/x@h/d`, `postgres://u:${canary}%zz@h/d`, `mysql://u:${canary}@h`, `postgres://u:${canary}@`]) {
      const error = (() => {
        try {
          return parseUrl('connection_url', url);
        } catch (e) {
          return e;
        }
      })();
      expect(error).toBeInstanceOf(DomainError);
      expect(JSON.stringify(error) + String(error) + faultsOf(url).join()).not.toContain(canary);
    }
  });
});
