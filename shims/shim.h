/* What the parts of the shim share. shim.c: the call; wire.c: the way to the broker; fields.c: its frames; stdin.c: descriptor 0;
 * handed.c: a program by its folder. */
#ifndef HOLDPOINT_SHIM_H
#define HOLDPOINT_SHIM_H
#include <stddef.h>

enum { FRAME_LIMIT = 16 << 20, SPOOL_LIMIT = 8 << 20 };

/* One line on stderr, status 126. */
_Noreturn void deny(const char *why, const char *detail);
_Noreturn void deny_garbage(void);
void *take(size_t size);
/* The same descriptor close-on-exec and above 9. */
int lift(int fd);
long now_ms(void);

/* 0, with errno, when nobody listens there. */
int open_wire(const char *session);
/* What the session has its own shim do before it listens, for Node cannot: pairs of FIFOs. 0, with errno. */
int make_fifos(const char *session, int pairs);
/* These deny when the broker does not answer in time. */
void send_frame(const char *body, size_t size);
/* The body of the next frame; its last byte is NUL. Freed by the caller. */
char *read_frame(size_t *size);

const char *next_field(char **at, const char *end);
/* 0 to `max`. */
long next_number(char **at, const char *end, long max);
/* Of fields that follow: each takes a byte at least, so that nothing is made for those that cannot be there. */
long next_count(char **at, const char *end);

const char *stdin_kind(void);
/* Answers the broker's `stdin`: reads descriptor 0 up to `cap` bytes for at most `ms`. */
void spool_stdin(const char *kind, size_t cap, long ms);
/* Makes descriptor 0 deliver once more what was read from it. */
void give_stdin_back(void);

/* A descriptor of the real folder of the program that the session releases for the token. Denies when it gets none. */
int fetch_program(const char *session, const char *token);
/* Returns, with errno, when that cannot be executed. */
void execute_handed(int folder, const char *program, char **argv, char **env);

#endif
