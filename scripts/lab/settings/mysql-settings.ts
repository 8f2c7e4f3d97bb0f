// Settings of MariaDB that a session, a server or an account may have, each with values that change answers, names, limits or waits.

/** Session variables, which init_connect makes for everyone but administrators. */
export const SESSION_SETTINGS: Record<string, readonly string[]> = {
  sql_mode: [
    "'ANSI_QUOTES'",
    "'NO_BACKSLASH_ESCAPES'",
    "'PIPES_AS_CONCAT'",
    "'ORACLE'",
    "'MSSQL'",
    "'EMPTY_STRING_IS_NULL'",
    "'PAD_CHAR_TO_FULL_LENGTH,HIGH_NOT_PRECEDENCE'",
  ],
  character_set_client: ["'latin1'", "'gbk'", "'sjis'"],
  character_set_results: ["'utf16'", "'latin1'", 'NULL'],
  collation_connection: ["'utf8mb4_bin'", "'latin1_german2_ci'"],
  time_zone: ["'+13:00'", "'-12:00'"],
  timestamp: ['1'],
  autocommit: ['0'],
  completion_type: ['2'],
  tx_read_only: ['1'],
  tx_isolation: ["'SERIALIZABLE'", "'READ-UNCOMMITTED'"],
  max_statement_time: ['0.05'],
  wait_timeout: ['1'],
  interactive_timeout: ['1'],
  net_read_timeout: ['1'],
  lock_wait_timeout: ['1'],
  idle_transaction_timeout: ['1'],
  lc_messages: ["'de_DE'", "'ja_JP'", "'ru_RU'"],
  lc_time_names: ["'ar_EG'"],
  sql_select_limit: ['0', '1'],
  sql_big_selects: ['0'],
  max_join_size: ['1'],
  sql_notes: ['0'],
  sql_warnings: ['1'],
  max_error_count: ['0'],
  sql_safe_updates: ['1'],
  sql_auto_is_null: ['1'],
  sql_if_exists: ['1'],
  sql_quote_show_create: ['0'],
  old_passwords: ['1'],
  old_mode: ["''", "'ZERO_DATE_TIME_CAST'"],
  group_concat_max_len: ['4'],
  max_sort_length: ['64'],
  tmp_memory_table_size: ['0'],
  optimizer_switch: ["'index_merge=off,materialization=off,semijoin=off'"],
  profiling: ['1'],
  session_track_schema: ['0'],
  session_track_system_variables: ["'*'"],
  low_priority_updates: ['1'],
  query_cache_type: ['0'],
  default_storage_engine: ["'MEMORY'"],
};

/** Variables of the whole server, set while it runs. */
export const GLOBAL_SETTINGS: Record<string, readonly string[]> = {
  sql_mode: ["'ANSI_QUOTES'", "'NO_BACKSLASH_ESCAPES'", "'ORACLE'"],
  character_set_server: ["'utf16'", "'sjis'", "'latin1'"],
  collation_server: ["'utf8mb4_bin'", "'latin1_general_cs'"],
  time_zone: ["'+05:45'"],
  lc_messages: ["'fr_FR'"],
  autocommit: ['0'],
  tx_read_only: ['1'],
  secure_auth: ['0'],
  old_passwords: ['1'],
  connect_timeout: ['2'],
  wait_timeout: ['1'],
  max_password_errors: ['1', '3', '20'],
  default_password_lifetime: ['1'],
  disconnect_on_expired_password: ['1'],
  max_allowed_packet: ['1024'],
  sql_select_limit: ['1'],
  max_error_count: ['0'],
  log_warnings: ['0'],
};

/** Options of the account itself. */
export const ACCOUNT_SETTINGS: Record<string, readonly string[]> = {
  MAX_USER_CONNECTIONS: ['1', '2', '3'],
  MAX_STATEMENT_TIME: ['0.05'],
  MAX_CONNECTIONS_PER_HOUR: ['1000'],
};

/** What a server can only be started with. */
export const STARTED_WITH: readonly Record<string, string>[] = [
  {},
  { 'lower-case-table-names': '1', 'skip-name-resolve': '0', 'secure-timestamp': 'YES', 'performance-schema': 'ON', 'max-user-connections': '3' },
  {
    'character-set-server': 'latin1',
    'collation-server': 'latin1_german2_ci',
    'default-time-zone': '-03:30',
    'sysdate-is-now': '1',
    'sql-mode': 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES',
  },
];
