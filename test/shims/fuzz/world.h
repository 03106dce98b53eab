/*
 * A stand-in for all that the shim meets, for a fuzzer: its sources are included behind these names, so that main() runs
 * whole, in this process, thousands of times a second. No descriptor is opened, nothing is executed; every end is a longjmp.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An invariant that the fuzzer is to break. */
#define must(what) \
  do { \
    if (!(what)) fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what), abort(); \
  } while (0)

enum { SOCKET = 60, FIFO_IN = 61, FIFO_OUT = 62, PIPE_IN = 63, PIPE_OUT = 64, PROGRAM = 65, EXECUTED = 1000 };
static const char tag_drawn[] = "TAGTAGTAGTAG";

struct bytes {
  uint8_t *at;
  size_t size, room;
};

/* What this run is like; set from the input. */
static struct {
  int fifo, kind, step, fails, script;
  struct bytes replies, given; /* from the broker; on descriptor 0 */
  size_t taken, taken0;
  struct bytes sent; /* to the broker */
  long clock;
  int turn;
} world;

static jmp_buf over;
static void *blocks[1 << 16];
static size_t block_count;

static void add(struct bytes *to, const void *bytes, size_t size) {
  if (to->size + size > to->room) must((to->at = realloc(to->at, to->room = 2 * (to->size + size) + 64)) != NULL);
  if (size) memcpy(to->at + to->size, bytes, size);
  to->size += size;
}

static _Noreturn void world_exit(int status) { longjmp(over, status + 1); }

static void *world_malloc(size_t size) {
  must(block_count < sizeof blocks / sizeof *blocks);
  must(size <= (size_t)64 << 20); /* nobody may make the shim ask for more */
  return blocks[block_count++] = malloc(size);
}

static void world_free(void *block) {
  for (size_t i = 0; i < block_count; i++)
    if (blocks[i] == block) blocks[i] = blocks[--block_count], i = block_count;
  free(block);
}

static int handed; /* the shim's own */

static int world_execve(const char *program, char *const *argv, char *const *env) {
  size_t sum = strlen(program);
  must(argv);
  if (handed >= 0) { /* never looked for by its name alone */
    must(strncmp(program, "/proc/self/fd/", 14) == 0 && atoi(program + 14) == handed);
    errno = world.script ? ENOEXEC : ENOENT;
    if (world.fails == 2) return -1;
    world_exit(EXECUTED);
  }
  for (; *argv; argv++) sum += strlen(*argv);
  for (; *env; env++) sum += strlen(*env);
  must(sum < (size_t)64 << 20);
  errno = ENOEXEC;
  if (world.script && world.script-- > 0) return -1;
  world_exit(EXECUTED);
}

/* A descriptor; two; none; the end; no answer. */
static ssize_t world_recvmsg(struct msghdr *message) {
  struct cmsghdr *head = message->msg_control;
  int program = PROGRAM;
  must(message->msg_iovlen == 1 && message->msg_controllen >= CMSG_LEN(sizeof program));
  message->msg_controllen = 0;
  if (world.kind % 5 == 3) return 0;
  if (world.kind % 5 == 4) return errno = world.step && ++world.turn % 2 ? EINTR : EAGAIN, -1;
  *(char *)message->msg_iov->iov_base = 0;
  if (world.kind % 5 == 2) return 1;
  *head = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof program)};
  memcpy(CMSG_DATA(head), &program, sizeof program);
  message->msg_controllen = CMSG_SPACE(sizeof program);
  if (world.kind % 5 == 1) head->cmsg_len += sizeof program, message->msg_flags = MSG_CTRUNC;
  return 1;
}

static ssize_t world_read(int fd, void *to, size_t size) {
  struct bytes *from = fd == 0 ? &world.given : &world.replies;
  size_t *taken = fd == 0 ? &world.taken0 : &world.taken, part = from->size - *taken;
  if (part > size) part = size;
  if (world.step && part > (size_t)world.step) part = (size_t)world.step;
  if (part) memcpy(to, from->at + *taken, part);
  *taken += part;
  return (ssize_t)part;
}

static ssize_t world_pread(int fd, void *to, size_t size, off_t at) {
  must(fd == 0 && at >= 0);
  world.taken0 = (size_t)at < world.given.size ? (size_t)at : world.given.size;
  return world_read(0, to, size);
}

static ssize_t world_write(int fd, const void *bytes, size_t size) {
  if (fd != SOCKET && fd != FIFO_OUT) return (ssize_t)size;
  if (world.fifo) must(size <= 4096); /* PIPE_BUF: whole or not at all */
  if (world.step && ++world.turn % 3 == 0) return errno = world.turn % 2 ? EAGAIN : EINTR, -1;
  if (world.step && !world.fifo && size > (size_t)world.step) size = (size_t)world.step;
  add(&world.sent, bytes, size);
  return (ssize_t)size;
}

static int world_poll(struct pollfd *one, nfds_t count, int milliseconds) {
  must(count == 1);
  int is_ready = one->events == POLLOUT || (one->fd == 0 ? world.taken0 < world.given.size || world.step != 7
                                                         : world.taken < world.replies.size);
  if (!is_ready) world.clock += milliseconds + 1;
  return one->revents = (short)(is_ready ? one->events : 0), is_ready;
}

static int world_fstat(int fd, struct stat *is) {
  static const mode_t kinds[] = {S_IFIFO, S_IFREG, S_IFSOCK, S_IFCHR, S_IFBLK, 0};
  mode_t mode = kinds[world.kind % 6];
  memset(is, 0, sizeof *is);
  is->st_mode = mode;
  return fd == 0 && mode ? 0 : -1;
}

static ssize_t world_readlink(const char *path, char *to, size_t size) {
  if (strcmp(path, "/proc/self/exe") != 0) return -1;
  return snprintf(to, size, "/s/bin/tool");
}

static int world_open(const char *path) {
  must(strncmp(path, "/s/fifo/0.", 10) == 0);
  return path[10] == 'o' ? FIFO_IN : FIFO_OUT;
}

static char *world_getenv(const char *name) {
  static char fifo[] = "fifo";
  return world.fifo && strcmp(name, "HOLDPOINT_TRANSPORT") == 0 ? fifo : NULL;
}

static int world_clock(struct timespec *at) { return *at = (struct timespec){world.clock / 1000, 0}, 0; }
static int world_rename(void) { return errno = world.fails ? EXDEV : ENOENT, world.fails > 1 ? -1 : 0; }
static int world_entropy(void *to, size_t size) { return memcpy(to, tag_drawn, size), 0; }
static int world_pipe(int *ends) { return ends[0] = PIPE_IN, ends[1] = PIPE_OUT, 0; }
static pid_t world_wait(int *status) { return *status = world.fails == 3 ? 256 : 0, 7; }

static void world_end(void) {
  while (block_count > 0) free(blocks[--block_count]);
  free(world.replies.at), free(world.given.at), free(world.sent.at);
  memset(&world, 0, sizeof world);
}

#define main shim_main
#define _exit world_exit
#define malloc world_malloc
#define free world_free
#define execve world_execve
#define read world_read
#define pread world_pread
#define write world_write
#define poll world_poll
#define fstat world_fstat
#define readlink world_readlink
#define getenv world_getenv
#define getentropy world_entropy
#define pipe world_pipe
#define open(path, flags) world_open(path)
#define clock_gettime(clock, at) world_clock(at)
#define syscall(number, a, from, b, to, flags) \
  ((void)(number), (void)(a), (void)(from), (void)(b), (void)(to), world_rename())
#define recvmsg(fd, message, flags) world_recvmsg(message)
#define rename(from, to) ((void)(from), (void)(to), world_rename())
#define socket(a, b, c) SOCKET
#define fcntl(fd, ...) (fd)
#define setsockopt(a, b, c, d, e) ((void)(d), 0)
#define connect(a, b, c) ((void)(b), 0)
#define flock(a, b) 0
#define close(fd) ((void)(fd))
#define lseek(a, b, c) 0
#define isatty(fd) (world.step == 2)
#define access(a, b) ((void)(a), -1)
#define fork() 7
#define waitpid(a, status, b) world_wait(status)
#define dup2(a, b) (a)
#define sigaction(a, b, c) ((void)sizeof(b), (void)sizeof(c))
#include "../../../shims/shim.c"
#include "../../../shims/fields.c"
#include "../../../shims/handed.c"
#include "../../../shims/stdin.c"
#include "../../../shims/wire.c"
#undef main
#undef malloc
#undef free

/* One whole run of the shim. Returns its status, or EXECUTED. */
static int run_shim(int argc, char **argv, char **env) {
  char **before = environ;
  handed = -1;
  in = out = -1, packets = 0, part_left = unread = filled = 0;
  spool = NULL, spooled = 0, spool_ended = spool_taken = 0;
  environ = env;
  int status = setjmp(over);
  if (status == 0) must(shim_main(argc, argv) == -1); /* it never returns */
  environ = before;
  return status - 1;
}
