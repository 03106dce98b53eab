/*
 * steward DIRECTORY SHIM RC PAIRS: furnishes a session's directory, serves the broker while the session lasts, and clears the directory
 * away. What Node needs 40 microseconds for, a link or a file of /proc, takes five here, and beside the broker's own start.
 *
 * DIRECTORY is there, and empty. On descriptor 3 it says "furnished" and what came of the FIFOs, or "failed" and a reason; then it answers
 * orders until the broker is gone. An order or an answer is words, each ended by a NUL, and an empty one behind the last:
 *
 *   link /FOLDER… NAME…   a link of the shim for each of these names that is a program in one of the folders: "linked", and their names
 *   left SESSION          whose environment holds HOLDPOINT_SESSION=SESSION: "left", and their pids
 *   remove                the directory and all in it: "removed"
 *
 * Each may be answered by "failed" and a reason: the broker does it itself, then.
 */
#define _GNU_SOURCE
#include "steward.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { broker = 3, most_words = 1 << 16 };

static char *order[most_words];
static size_t count;

static int furnish(const char *shim, const char *rc, char *pairs);
static pid_t try_shim(char *pairs);
static int read_order(void);
static void obey(const char *directory);
static void answer(const char *word, const char *more);

int main(int argc, char **argv) {
  if (argc != 5) {
    fputs("holdpoint: this program is started by the session\n", stderr);
    return 126;
  }
  setsid(); /* keys are meant for the agent */
  signal(SIGPIPE, SIG_IGN);
  fcntl(broker, F_SETFD, FD_CLOEXEC);
  int status = chdir(argv[1]) == 0 ? furnish(argv[2], argv[3], argv[4]) : -1;
  if (status < 0) {
    const char *why = strerror(errno);
    if (chdir("/") < 0) return 126; /* the broker clears away what was begun, and looks for another place */
    answer("failed", why);
    return 126;
  }
  answer("furnished", status == 0 ? "fifos" : "");
  while (read_order()) obey(argv[1]);
  return 0;
}

/* The status of the shim that was tried; -1 and errno where the directory cannot be used. */
static int furnish(const char *shim, const char *rc, char *pairs) {
  if (mkdir("bin", 0700) < 0 || mkdir("fifo", 0700) < 0 || mkdir("rc", 0700) < 0) return -1;
  if (!copy_file(AT_FDCWD, shim, AT_FDCWD, "bin/holdpoint-ask", 0500)) return -1;
  if (link("bin/holdpoint-ask", "bin/.probe") < 0 || unlink("bin/.probe") < 0) return -1;
  pid_t pid = try_shim(pairs);
  if (pid < 0) return -1;
  int is_copied = copy_folder(rc, "rc"), why = errno, status = 0;
  /* What shells write themselves; in a sandbox the rest is read-only. */
  if (is_copied && mkdir("rc/own", 0700) < 0) is_copied = 0, why = errno;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return -1;
  errno = why;
  if (!is_copied) return -1;
  status = WIFEXITED(status) ? WEXITSTATUS(status) : 127;
  if (status == 0 || status == 126) return status;
  errno = ENOEXEC;
  return -1;
}

/* Runs it where it lies, which makes the FIFOs: what forbids to execute shows when it is tried. It ends with 126 where it cannot make them. */
static pid_t try_shim(char *pairs) {
  char *path = realpath("bin/holdpoint-ask", NULL);
  if (path == NULL) return -1;
  volatile int why = 0; /* vfork: the child shares it */
  pid_t pid = vfork();
  if (pid == 0) {
    static char fifos[] = "fifos";
    execve(path, (char *[]){path, fifos, pairs, NULL}, (char *[]){NULL});
    why = errno;
    _exit(127);
  }
  free(path);
  if (pid > 0 && why != 0) {
    waitpid(pid, NULL, 0);
    errno = why;
    return -1;
  }
  return pid;
}

/* Its words stand in one buffer until the next is read. 0 when the broker is gone, or writes what it never would. */
static int read_order(void) {
  static char *text;
  static size_t room;
  size_t size = 0, begin = 0;
  for (count = 0;;) {
    if (size == room) {
      char *more = realloc(text, room += 65536);
      if (more == NULL) return 0;
      text = more;
    }
    ssize_t some = read(broker, text + size, room - size);
    if (some < 0 && errno == EINTR) continue;
    if (some <= 0) return 0;
    size += (size_t)some;
    /* An order has been read when it ends in an empty word; the broker waits for the answer to each. */
    if (size >= 2 && text[size - 1] == 0 && text[size - 2] == 0) break;
  }
  for (; begin + 1 < size && count < most_words; begin += strlen(text + begin) + 1) order[count++] = text + begin;
  return count > 0 && count < most_words;
}

static void obey(const char *directory) {
  struct words words = {0};
  int is_done = 0;
  if (strcmp(order[0], "link") == 0) {
    add_word(&words, "linked");
    is_done = link_programs(order + 1, count - 1, &words);
  } else if (strcmp(order[0], "left") == 0 && count == 2) {
    add_word(&words, "left");
    is_done = find_left(order[1], &words);
  } else if (strcmp(order[0], "remove") == 0) {
    add_word(&words, "removed");
    /* Not by its name: whoever put another folder there loses nothing. */
    is_done = empty_folder(AT_FDCWD, ".") && rmdir(directory) == 0;
  } else {
    errno = EINVAL;
  }
  if (is_done) send_words(broker, &words);
  else answer("failed", strerror(errno));
  free(words.text);
}

static void answer(const char *word, const char *more) {
  struct words words = {0};
  add_word(&words, word);
  if (*more != 0) add_word(&words, more);
  send_words(broker, &words);
  free(words.text);
}
