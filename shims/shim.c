/*
 * The program behind every guarded name: it carries a call to the broker and does what the broker says. It decides nothing,
 * so every failure ends the same way: one line, status 126, nothing run. The protocol: docs/inside/protocol.md.
 *
 * What it is called and where its session lies it takes from its own executable, which argv[0] and the environment cannot
 * change. Its descriptors are close-on-exec and above 9, because a caller may have closed 0 to 2 and would find ours there.
 */
#define _GNU_SOURCE
#include "shim.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#else
#include <sys/auxv.h>
#endif

extern char **environ;

static struct sigaction callers; /* the caller's way with SIGPIPE */
static int handed = -1;          /* the real folder of the program, where its name would lead to a shim */

static char *own_path(void);
static void execute_after_session(const char *session, const char *name, int argc, char **argv);
static void send_call(const char *name, const char *kind, int argc, char **argv);
static void move_files(char **at, const char *end, long moves);
static int move_file(const char *from, const char *to);
static void change_environment(char **at, const char *end, long changes);
static char **read_arguments(char **at, const char *end, int *argc, char **own);
static _Noreturn void execute(const char *program, int argc, char **argv);

int main(int argc, char **argv) {
  struct sigaction ignored = {.sa_handler = SIG_IGN};
  sigaction(SIGPIPE, &ignored, &callers); /* a broker that dies must not end us without a word; undone before execve() */

  char *session = own_path(), *name = strrchr(session, '/');
  if (!name) deny("cannot find its own program", session);
  *name++ = 0;
  char *bin = strrchr(session, '/');
  if (!bin) deny("cannot find its session", session);
  *bin = 0;
  if (argc == 3 && strcmp(name, "holdpoint-ask") == 0 && strcmp(argv[1], "fifos") == 0)
    return make_fifos(session, atoi(argv[2])) ? 0 : 126;

  const char *kind = stdin_kind();
  if (!open_wire(session)) {
    const char *why = strerror(errno);
    execute_after_session(session, name, argc, argv);
    deny("cannot reach the session's guard", why);
  }
  send_call(name, kind, argc, argv);

  for (int asked = 0;;) {
    size_t size;
    char *body = read_frame(&size), *at = body, *end = body + size;
    const char *verb = next_field(&at, end);
    if (strcmp(verb, "stdin") == 0 && asked++ < 2) {
      long cap = next_number(&at, end, SPOOL_LIMIT);
      spool_stdin(kind, (size_t)cap, next_number(&at, end, 60000));
    } else if (strcmp(verb, "exec") == 0) {
      const char *program = next_field(&at, end);
      change_environment(&at, end, next_count(&at, end));
      argv = read_arguments(&at, end, &argc, argv);
      if (at != end) deny_garbage(); /* counts that do not fit: something else was meant */
      give_stdin_back();
      sigaction(SIGPIPE, &callers, NULL);
      execute(program, argc, argv);
    } else if (strcmp(verb, "move") == 0) {
      move_files(&at, end, next_count(&at, end));
    } else if (strcmp(verb, "print") == 0) {
      const char *text = next_field(&at, end);
      for (ssize_t left = (ssize_t)strlen(text), n; left > 0 && (n = write(1, text, (size_t)left)) > 0; text += n) left -= n;
    } else if (strcmp(verb, "exit") == 0) {
      long status = next_number(&at, end, 255);
      char *message = at;
      size_t left = strlen(next_field(&at, end));
      if (left > 0 && message[left - 1] != '\n') message[left++] = '\n'; /* over its NUL */
      for (ssize_t n; left > 0 && (n = write(2, message, left)) > 0; message += n) left -= (size_t)n;
      _exit((int)status);
    } else if (strcmp(verb, "program") == 0 && handed < 0) {
      const char *token = next_field(&at, end);
      if (at != end) deny_garbage();
      handed = fetch_program(session, token);
    } else if (strcmp(verb, "wait") != 0) deny_garbage();
    free(body);
  }
}

static char *own_path(void) {
  static char path[PATH_MAX];
#ifdef __APPLE__
  char raw[PATH_MAX];
  uint32_t size = sizeof raw;
  if (_NSGetExecutablePath(raw, &size) != 0 || !realpath(raw, path)) deny("cannot find its own program", "");
#else
  ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
  const char *started = (const char *)(uintptr_t)getauxval(AT_EXECFN); /* without /proc: what execve() was given */
  if (n < 0 && started && strlen(started) < sizeof path) memcpy(path, started, (size_t)(n = (ssize_t)strlen(started)));
  if (n < 0) deny("cannot find its own program", "");
  path[n] = 0;
#endif
  return path;
}

/* A session that ended in order leaves links to the programs that may go on without it; one that crashed leaves none. */
static void execute_after_session(const char *session, const char *name, int argc, char **argv) {
  char path[PATH_MAX * 2], program[PATH_MAX];
  snprintf(path, sizeof path, "%s/after/%s", session, name);
  ssize_t n = readlink(path, program, sizeof program - 1);
  if (n < 0) {
    *strrchr(path, '/') = 0;
    if (access(path, F_OK) == 0) deny("the session has ended, and nobody is left to ask", name);
    return;
  }
  program[n] = 0;
  sigaction(SIGPIPE, &callers, NULL);
  execute(program, argc, argv);
}

static void send_call(const char *name, const char *kind, int argc, char **argv) {
  char cwd[PATH_MAX], head[3 * PATH_MAX];
  size_t size = 0, envc = 0;
  if (!getcwd(cwd, sizeof cwd) || cwd[0] != '/') cwd[0] = 0; /* "(unreachable)/…" is no path */
  for (int i = 0; i < argc; i++) size += strlen(argv[i]) + 1;
  for (; environ[envc]; envc++) size += strlen(environ[envc]) + 1;
  char *body = take(sizeof head + 32 + size), *at = body;
  at += snprintf(at, sizeof head, "holdpoint/1%ccall%c%s%c%ld%c%ld%c%s%c%s%c%d", 0, 0, name, 0, (long)getpid(), 0,
                 (long)getppid(), 0, cwd, 0, kind, 0, argc) + 1;
  for (int i = 0; i < argc; i++) at = stpcpy(at, argv[i]) + 1;
  at += snprintf(at, 32, "%zu", envc) + 1;
  for (size_t i = 0; i < envc; i++) at = stpcpy(at, environ[i]) + 1;
  send_frame(body, (size_t)(at - body));
  free(body);
}

/* Each from one name to another, with this process's rights, from where it stands; answers what became of each. */
static void move_files(char **at, const char *end, long moves) {
  char *names = *at;
  for (long i = 0; i < 2 * moves; i++) (void)next_field(&names, end);
  if (names != end) deny_garbage(); /* before the first one is moved */
  char *answer = take(32 + (size_t)moves * 12), *to = answer;
  to += sprintf(to, "moved%c%ld", 0, moves) + 1;
  for (; moves > 0; moves--) {
    const char *from = next_field(at, end);
    to += sprintf(to, "%d", move_file(from, next_field(at, end))) + 1;
  }
  send_frame(answer, (size_t)(to - answer));
  free(answer);
}

/* 0 or errno. Nothing is written over, where the system can promise that. */
static int move_file(const char *from, const char *to) {
#ifdef SYS_renameat2
  if (syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1 /* RENAME_NOREPLACE */) == 0) return 0;
  if (errno != ENOSYS && errno != EINVAL) return errno;
#endif
  return rename(from, to) == 0 ? 0 : errno;
}

static void change_environment(char **at, const char *end, long changes) {
  size_t size = 0;
  while (environ[size]) size++;
  char **fresh = take((size + (size_t)changes + 1) * sizeof *fresh);
  memcpy(fresh, environ, (size + 1) * sizeof *fresh);
  for (; changes > 0; changes--) {
    char *change = (char *)(uintptr_t)next_field(at, end);
    size_t name = strcspn(change, "="), kept = 0;
    for (size_t i = 0; i < size; i++)
      if (strncmp(fresh[i], change, name) != 0 || fresh[i][name] != '=') fresh[kept++] = fresh[i];
    if (change[name] == '=') fresh[kept++] = change;
    fresh[size = kept] = NULL;
  }
  environ = fresh;
}

/* "-": the caller's own. */
static char **read_arguments(char **at, const char *end, int *argc, char **own) {
  if (*at < end && strcmp(*at, "-") == 0) return *at += 2, own;
  *argc = (int)next_count(at, end);
  char **fresh = take(((size_t)*argc + 1) * sizeof *fresh);
  for (int i = 0; i < *argc; i++) fresh[i] = (char *)(uintptr_t)next_field(at, end);
  fresh[*argc] = NULL;
  return fresh;
}

static _Noreturn void execute(const char *program, int argc, char **argv) {
  if (handed >= 0) execute_handed(handed, program, argv, environ);
  else execve(program, argv, environ);
  if (errno == ENOEXEC && handed < 0) { /* a script without "#!": the way of every shell */
    char **words = take(((size_t)argc + 3) * sizeof *words);
    words[0] = (char *)(uintptr_t)"sh", words[1] = (char *)(uintptr_t)program;
    for (int i = 1; i <= argc; i++) words[i + 1] = argv[i];
    words[argc > 0 ? argc + 1 : 2] = NULL;
    execve("/bin/sh", words, environ);
  }
  int error = errno;
  char line[PIPE_BUF];
  int n = snprintf(line, sizeof line, "holdpoint: %s: %s\n", program, strerror(error));
  if (n > 0 && write(2, line, n < (int)sizeof line ? (size_t)n : sizeof line - 1) < 0) error = errno;
  _exit(error == ENOENT && handed < 0 ? 127 : 126);
}

_Noreturn void deny(const char *why, const char *detail) {
  char line[PIPE_BUF];
  int n = snprintf(line, sizeof line, "holdpoint: denied, nothing was run: %s%s%s\n", why, *detail ? ": " : "", detail);
  if (write(2, line, n < (int)sizeof line ? (size_t)n : sizeof line - 1) < 0) _exit(126);
  _exit(126);
}

void *take(size_t size) {
  void *memory = malloc(size ? size : 1);
  if (!memory) deny("out of memory", "");
  return memory;
}

int lift(int fd) {
  int high = fcntl(fd, F_DUPFD_CLOEXEC, 10);
  if (high < 0) deny("no descriptor left", strerror(errno));
  close(fd);
  return high;
}

long now_ms(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

_Noreturn void deny_garbage(void) { deny("the session's guard sent something unreadable", ""); }
