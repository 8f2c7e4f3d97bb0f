/*
 * What credcheck does with its defaults: passwords are taken in plain text only, so that their rules can be checked.
 * Built without PostgreSQL's headers, for release 15 alone; the layout of the magic block is that release's.
 */
typedef struct { int len, version, funcmaxargs, indexmaxkeys, namedatalen, float8byval; char abi_extra[32]; } Magic;
static const Magic magic = {sizeof(Magic), 1500, 100, 32, 64, 1, "PostgreSQL"};
const Magic *Pg_magic_func(void) { return &magic; }

extern _Bool errstart(int elevel, const char *domain);
extern int errcode(int sqlerrcode);
extern int errmsg(const char *fmt, ...);
extern void errfinish(const char *filename, int lineno, const char *funcname);
extern void (*check_password_hook)(const char *, const char *, int, unsigned long, _Bool);

/* 28000, six bits a character. */
#define ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION ((('2' - '0') & 0x3F) + ((('8' - '0') & 0x3F) << 6))
#define ERROR 21
#define PLAINTEXT 0

static void check(const char *user, const char *password, int type, unsigned long until, _Bool is_null)
{
	if (type == PLAINTEXT) return;
	if (errstart(ERROR, 0)) {
		errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION);
		errmsg("password type is not a plain text");
		errfinish(__FILE__, __LINE__, __func__);
	}
}

void _PG_init(void) { check_password_hook = check; }
