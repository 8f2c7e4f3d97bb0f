"""Runs the snippets on standard input, each by its driver. Prints one row or one error for each, as JSON."""

import json
import re
import sys


def django(snippet, question):
    from django.conf import settings
    from django.db.utils import ConnectionHandler

    if not settings.configured:
        settings.configure()
    scope = {}
    exec(snippet, scope)
    databases = scope["DATABASES"]
    use_old_mysqlclient(databases["default"].get("OPTIONS", {}))
    with ConnectionHandler(databases)["default"].cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()


def use_old_mysqlclient(options):
    """What mysqlclient 2.2 makes of `ssl_mode` for MariaDB's client library: Debian 12 has 1.4."""
    import MySQLdb

    mode = options.get("ssl_mode")
    if mode is None or MySQLdb.version_info >= (2, 2):
        return
    del options["ssl_mode"]
    if mode != "DISABLED":
        options.setdefault("ssl", {})
    if mode.startswith("VERIFY"):
        options["client_flag"] = 1 << 30  # SSL_VERIFY_SERVER_CERT


def sqlalchemy(snippet, question):
    import sqlalchemy

    if sqlalchemy.__version__.startswith("1."):
        sqlalchemy.dialects.registry.impls["postgresql.psycopg"] = make_psycopg_dialect
    scope = {}
    exec(snippet, scope)
    with scope["engine"].connect() as connection:
        return list(connection.exec_driver_sql(question).fetchone())


def make_psycopg_dialect():
    """The dialect of SQLAlchemy 2 for psycopg 3, as far as connecting goes: Debian 12 has SQLAlchemy 1.4."""
    from sqlalchemy.dialects.postgresql.base import PGDialect

    class Dialect(PGDialect):
        driver = "psycopg"
        supports_statement_cache = False

        @classmethod
        def dbapi(cls):
            return __import__("psycopg")

        def create_connect_args(self, url):
            return [], {**url.translate_connect_args(username="user", database="dbname"), **url.query}

    return Dialect


def by_url(driver):
    """psycopg connects with the URL in .env as libpq reads it."""

    def connect(snippet, question):
        url = re.search('^DATABASE_URL="(.*)"$', snippet, re.MULTILINE)[1]
        with __import__(driver).connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()

    return connect


DRIVERS = {"django": django, "sqlalchemy": sqlalchemy, "psycopg": by_url("psycopg"), "psycopg2": by_url("psycopg2")}


def run(pasted):
    try:
        return {"row": DRIVERS[pasted["driver"]](pasted["snippet"], pasted["question"])}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    print(json.dumps([run(pasted) for pasted in json.load(sys.stdin)]))
