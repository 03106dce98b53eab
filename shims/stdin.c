/* Descriptor 0: looked at, read when the broker asks, and given back to the program as if nobody had. */
#define _GNU_SOURCE
#include "shim.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *spool;
static size_t spooled;
static int spool_ended, spool_taken;

static const char *read_stdin(const char *kind, size_t cap, long ms);
static _Noreturn void pump(int to, size_t from);

const char *stdin_kind(void) {
  struct stat is, null;
  if (fstat(0, &is) < 0) return "none";
  if (S_ISREG(is.st_mode)) return "file";
  if (S_ISFIFO(is.st_mode)) return "pipe";
  if (S_ISSOCK(is.st_mode)) return "socket";
  if (isatty(0)) return "tty";
  if (S_ISCHR(is.st_mode) && stat("/dev/null", &null) == 0 && is.st_rdev == null.st_rdev) return "null";
  return "other";
}

void spool_stdin(const char *kind, size_t cap, long ms) {
  const char *state = read_stdin(kind, cap, ms);
  char *answer = take(16 + spooled);
  size_t head = (size_t)snprintf(answer, 16, "stdin%c%s", 0, state) + 1;
  if (spooled) memcpy(answer + head, spool, spooled);
  send_frame(answer, head + spooled);
  free(answer);
}

/* As far as it comes; returns the state for the answer. A file is left where it was. */
static const char *read_stdin(const char *kind, size_t cap, long ms) {
  long until = now_ms() + ms;
  if (strcmp(kind, "none") == 0 || strcmp(kind, "tty") == 0) return "none";
  int file = strcmp(kind, "file") == 0;
  off_t offset = file ? lseek(0, 0, SEEK_CUR) : 0;
  if (offset < 0 || (spool && !file)) return "none";
  free(spool), spooled = 0; /* a file once more: it may be another since a human was asked */
  spool = take(cap);
  spool_taken = !file;
  while (spooled < cap) {
    struct pollfd one = {0, POLLIN, 0};
    long left = until - now_ms();
    if (!file && poll(&one, 1, left > 0 ? (int)left : 0) <= 0) {
      if (left <= 0) return "more";
      continue;
    }
    ssize_t n = file ? pread(0, spool + spooled, cap - spooled, offset + (off_t)spooled)
                     : read(0, spool + spooled, cap - spooled);
    if (n < 0 && errno != EINTR && errno != EAGAIN) return spooled ? "more" : "none";
    if (n == 0) return spool_ended = 1, "eof";
    if (n > 0) spooled += (size_t)n;
  }
  return "more";
}

void give_stdin_back(void) {
  int ends[2];
  size_t given = 0;
  if (!spool_taken || spooled == 0) return;
  if (pipe(ends) < 0) deny("pipe", strerror(errno));
  ends[0] = lift(ends[0]), ends[1] = lift(ends[1]);
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  for (ssize_t n; given < spooled && (n = write(ends[1], spool + given, spooled - given)) > 0;) given += (size_t)n;
  if (given < spooled || !spool_ended) { /* two forks: the program must not find a child that it never started */
    pid_t child = fork();
    if (child < 0) deny("fork", strerror(errno));
    if (child == 0) {
      pid_t grandchild = fork();
      if (grandchild == 0) pump(ends[1], given);
      _exit(grandchild < 0);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (status != 0) deny("fork", "");
  }
  close(ends[1]);
  if (dup2(ends[0], 0) < 0) deny("dup2", strerror(errno));
}

/* Writes what was read and then all the rest of the old descriptor 0 into the new one, until either end goes away. */
static _Noreturn void pump(int to, size_t from) {
  for (long fd = sysconf(_SC_OPEN_MAX) > 65536 ? 65536 : sysconf(_SC_OPEN_MAX); fd > 0; fd--)
    if (fd != to) close((int)fd); /* else a reader behind the program would wait for our copy of the pipe between them */
  fcntl(to, F_SETFL, 0);
  static char buffer[65536];
  const char *bytes = spool + from;
  for (ssize_t left = (ssize_t)(spooled - from);;) {
    while (left > 0) {
      ssize_t n = write(to, bytes, (size_t)left);
      if (n < 0 && errno != EINTR) _exit(0);
      if (n > 0) bytes += n, left -= n;
    }
    struct pollfd both[2] = {{0, POLLIN, 0}, {to, 0, 0}};
    if (spool_ended) _exit(0);
    if (poll(both, 2, -1) < 0) continue;
    if (both[1].revents) _exit(0); /* the program is done: leave the rest of the stream to whoever reads next */
    left = read(0, buffer, sizeof buffer);
    if (left == 0 || (left < 0 && errno != EINTR && errno != EAGAIN)) _exit(0);
    bytes = buffer;
  }
}
