/*
 * What the shim needs of a C library, straight from Linux, with bare-text.c. A C library asks the processor what it can at each start,
 * some forty times; in a virtual machine each of these is a way out to its host, and together they cost as much as
 * the rest of the shim. Only the sources next to it are served, no more than they use. Elsewhere: the C library.
 */
#undef _FORTIFY_SOURCE
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv);
_Noreturn void start_bare(long *stack);

extern char **environ;
char **environ;
static const unsigned long *auxiliary;

#if defined __x86_64__ && defined __LP64__
__asm__(".pushsection .text\n.globl _start\n_start:\n"
        " xor %ebp, %ebp\n mov %rsp, %rdi\n and $-16, %rsp\n call start_bare\n.popsection\n");

static long ask(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined __aarch64__ && defined __LP64__
__asm__(".pushsection .text\n.globl _start\n_start:\n"
        " mov x29, #0\n mov x30, #0\n mov x0, sp\n bl start_bare\n.popsection\n");

static long ask(long number, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d, x4 __asm__("x4") = e, x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
  return x0;
}
#else
#error "the C library serves here"
#endif

_Noreturn void start_bare(long *stack) {
  char **argv = (char **)(stack + 1), **end;
  environ = end = argv + *stack + 1;
  while (*end) end++;
  auxiliary = (const unsigned long *)(end + 1);
  _exit(main((int)*stack, argv));
}

int *__errno_location(void) {
  static int error;
  return &error;
}

static long call(long number, long a, long b, long c, long d, long e, long f) {
  long result = ask(number, a, b, c, d, e, f);
  if (result >= 0 || result < -4095) return result;
  errno = (int)-result;
  return -1;
}

#define CALL(name, a, b, c, d) call(SYS_##name, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)

long syscall(long number, ...) {
  va_list more;
  long words[6];
  va_start(more, number);
  for (int i = 0; i < 6; i++) words[i] = va_arg(more, long);
  va_end(more);
  return call(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

void _exit(int status) {
  for (;;) CALL(exit_group, status, 0, 0, 0);
}

unsigned long getauxval(unsigned long type) {
  for (const unsigned long *at = auxiliary; *at != AT_NULL; at += 2)
    if (*at == type) return at[1];
  return 0;
}

char *getenv(const char *name) {
  size_t length = strlen(name);
  for (char **at = environ; *at; at++)
    if (strncmp(*at, name, length) == 0 && (*at)[length] == '=') return *at + length + 1;
  return NULL;
}

/* Small things are never taken back: the shim is soon another program. Others get pages of their own, with their size in front. */
static char arena[1 << 18] __attribute__((aligned(16)));
enum { SIZE = 16 };

void *malloc(size_t size) {
  static size_t taken;
  size_t wanted = (size + 15) & ~(size_t)15;
  if (size > PTRDIFF_MAX - SIZE) return errno = ENOMEM, NULL;
  if (size <= sizeof arena / 4 && wanted <= sizeof arena - taken) return arena + (taken += wanted) - wanted;
  long pages = call(SYS_mmap, 0, (long)size + SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == -1) return NULL;
  *(size_t *)pages = size + SIZE;
  return (char *)pages + SIZE;
}

void free(void *memory) {
  char *at = memory;
  if (!at || (at >= arena && at < arena + sizeof arena)) return;
  CALL(munmap, at - SIZE, *(size_t *)(void *)(at - SIZE), 0, 0);
}

/* The kernel's form: handler, flags, way back from the handler, mask. Only those without a handler of their own are set here. */
int sigaction(int signal, const struct sigaction *to, struct sigaction *from) {
  uintptr_t fresh[4] = {to ? (uintptr_t)to->sa_handler : 0}, before[4] = {0};
  long result = CALL(rt_sigaction, signal, to ? fresh : NULL, before, sizeof *fresh);
  if (from) memset(from, 0, sizeof *from), from->sa_handler = (void (*)(int))before[0];
  return (int)result;
}

int open(const char *path, int flags, ...) { return (int)CALL(openat, AT_FDCWD, path, flags, 0); }
int close(int fd) { return (int)CALL(close, fd, 0, 0, 0); }
ssize_t read(int fd, void *to, size_t size) { return CALL(read, fd, to, size, 0); }
ssize_t write(int fd, const void *from, size_t size) { return CALL(write, fd, from, size, 0); }
ssize_t pread(int fd, void *to, size_t size, off_t at) { return CALL(pread64, fd, to, size, at); }
off_t lseek(int fd, off_t at, int whence) { return CALL(lseek, fd, at, whence, 0); }
int dup2(int fd, int to) { return (int)CALL(dup3, fd, to, 0, 0); }
int pipe(int ends[2]) { return (int)CALL(pipe2, ends, 0, 0, 0); }
int flock(int fd, int how) { return (int)CALL(flock, fd, how, 0, 0); }
int mkfifo(const char *path, mode_t mode) { return (int)CALL(mknodat, AT_FDCWD, path, S_IFIFO | mode, 0); }
int fstat(int fd, struct stat *to) { return (int)CALL(fstat, fd, to, 0, 0); }
int stat(const char *path, struct stat *to) { return (int)CALL(newfstatat, AT_FDCWD, path, to, 0); }
int access(const char *path, int mode) { return (int)CALL(faccessat, AT_FDCWD, path, mode, 0); }
ssize_t readlink(const char *path, char *to, size_t size) { return CALL(readlinkat, AT_FDCWD, path, to, size); }
int rename(const char *from, const char *to) { return (int)CALL(renameat, AT_FDCWD, from, AT_FDCWD, to); }
char *getcwd(char *to, size_t size) { return CALL(getcwd, to, size, 0, 0) < 0 ? NULL : to; }
pid_t getpid(void) { return (pid_t)CALL(getpid, 0, 0, 0, 0); }
pid_t getppid(void) { return (pid_t)CALL(getppid, 0, 0, 0, 0); }
pid_t fork(void) { return (pid_t)CALL(clone, SIGCHLD, 0, 0, 0); }
pid_t waitpid(pid_t pid, int *status, int options) { return (pid_t)CALL(wait4, pid, status, options, 0); }
int execve(const char *path, char *const argv[], char *const env[]) { return (int)CALL(execve, path, argv, env, 0); }
int socket(int domain, int type, int protocol) { return (int)CALL(socket, domain, type, protocol, 0); }
int clock_gettime(clockid_t clock, struct timespec *to) { return (int)CALL(clock_gettime, clock, to, 0, 0); }
int nanosleep(const struct timespec *time, struct timespec *left) { return (int)CALL(nanosleep, time, left, 0, 0); }
int getentropy(void *to, size_t size) { return CALL(getrandom, to, size, 0, 0) == (ssize_t)size ? 0 : -1; }

int connect(int fd, const struct sockaddr *address, socklen_t size) { return (int)CALL(connect, fd, address, size, 0); }

ssize_t recvmsg(int fd, struct msghdr *to, int flags) { return CALL(recvmsg, fd, to, flags, 0); }

int setsockopt(int fd, int level, int name, const void *value, socklen_t size) {
  return (int)call(SYS_setsockopt, fd, level, name, (long)value, (long)size, 0);
}

int fcntl(int fd, int command, ...) {
  va_list more;
  va_start(more, command);
  long word = va_arg(more, long);
  va_end(more);
  return (int)CALL(fcntl, fd, command, (int)word, 0);
}

int poll(struct pollfd *all, nfds_t count, int milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  return (int)CALL(ppoll, all, count, milliseconds < 0 ? NULL : &time, NULL);
}

int isatty(int fd) {
  struct termios settings; /* the library's, which is larger than the kernel's */
  return CALL(ioctl, fd, TCGETS, &settings, 0) == 0;
}

long sysconf(int name) {
  struct rlimit limit;
  if (name != _SC_OPEN_MAX || CALL(prlimit64, 0, RLIMIT_NOFILE, NULL, &limit) < 0) return errno = EINVAL, -1;
  return limit.rlim_cur > LONG_MAX ? LONG_MAX : (long)limit.rlim_cur;
}
