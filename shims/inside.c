/*
 * inside [STEP …] -- PROGRAM [ARG …]: the first process in the sandbox (bwrap --as-pid-1). It mounts what bubblewrap cannot, opens
 * the ports that lead to the session's proxy, gives up every capability, starts the program, and ends as that one ends. Steps, in order:
 *
 *   links FOLDER BIN NAME [NAME …] ;      in FOLDER, which nothing else is seen of, a link to BIN/NAME for each name
 *   overlay TARGET LOWER [LOWER …] ;      a read-only overlay, the first LOWER uppermost
 *   scratch TARGET LOWER UPPER WORK       an overlay that keeps what is written in UPPER
 *   cover DIR                             an empty folder without rights over DIR
 *   shut SOCKET                           nobody connects to it; one that is gone by now needs nothing
 *   forward PORT SOCKET [PREFIXFILE|-]    127.0.0.1:PORT leads to the unix socket; the file's bytes go first
 *   check                                 in the place of "-- PROGRAM": ends with 0 once all steps are done
 *
 * It has to be the first: bubblewrap's own first process would stay in the mounts that are here before the steps, and whoever
 * runs as the same user may walk them by /proc/1/root.
 *
 * A step that fails ends it with one line and status 125: nothing is run in a sandbox that is not whole. docs/inside/sandbox.md.
 */
#define _GNU_SOURCE
#include "inside.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { UNUSABLE = 125, REFUSED = 126, MISSING = 127 };

/* bubblewrap outside is started with these ignored, or Ctrl-C would end it, and all of this with it. */
static const int passed[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
enum { passed_count = sizeof passed / sizeof *passed };

static volatile pid_t program;

static char **take_step(char **word);
static char *next_path(char ***word, const char *step);
static int is_step(const char *word);
static _Noreturn void start_program(char **argv);
static void pass(int number, siginfo_t *from, void *context);
static void renew_nothing(void);
static _Noreturn void execute(char **argv);
static void say(const char *const *parts, int count);

int main(int argc, char **argv) {
  if (argc < 2) {
    say((const char *const[]){"this program is started by the session"}, 1);
    return REFUSED;
  }
  char **word = argv + 1;
  if (getpid() != 1) fail("start", "", "not the first process of a sandbox");
  own_mounts();
  while (*word && is_step(*word)) word = take_step(word);
  if (!*word) fail("usage", "", "no program");
  int is_check = strcmp(*word, "check") == 0;
  if (!is_check && strcmp(*word, "--") != 0) fail("usage", *word, "no such step");
  if (is_check ? word[1] != NULL : !word[1]) fail("usage", *word, is_check ? "stands last" : "no program");
  renew_nothing();
  drop_powers();
  filter_calls();
  if (is_check) return 0;
  start_program(word + 1);
}

/* Returns never; what else runs in here ends with the first process. */
static _Noreturn void start_program(char **argv) {
  void (*before)(int) = signal(SIGCHLD, SIG_DFL); /* ignored, as a caller may have it, nobody could be waited for */
  start_forwarder();
  sigset_t held, mask;
  sigemptyset(&held);
  for (int i = 0; i < passed_count; i++) sigaddset(&held, passed[i]);
  sigprocmask(SIG_BLOCK, &held, &mask); /* until there is a program to pass them to */
  pid_t child = fork();
  if (child < 0) fail_errno("start", *argv);
  if (child == 0) {
    signal(SIGCHLD, before);
    for (int i = 0; i < passed_count; i++) signal(passed[i], SIG_DFL);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    execute(argv);
  }
  program = child;
  struct sigaction action = {.sa_sigaction = pass, .sa_flags = SA_RESTART | SA_SIGINFO};
  sigfillset(&action.sa_mask);
  for (int i = 0; i < passed_count; i++) sigaction(passed[i], &action, NULL);
  sigprocmask(SIG_SETMASK, &mask, NULL);
  leave_descriptors();
  for (int status;;) {
    pid_t ended = wait(&status);
    if (ended < 0 && errno != EINTR) _exit(UNUSABLE);
    if (ended == child) _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
  }
}

/* What was sent to this process alone: the terminal's own signals have reached the program by themselves. */
static void pass(int number, siginfo_t *from, void *context) {
  int before = errno;
  (void)context;
  if (from->si_code == SI_USER && program > 0) kill(program, number);
  errno = before;
}

/*
 * `… </dev/null` outside gives a way to the machine's own node, on a mount where its owner, root, can change its mode; and a folder,
 * `… </`, one to all that lies around it.
 */
static void renew_nothing(void) {
  struct stat null, is;
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0 || fstat(nothing, &null) != 0) return;
  for (int fd = 0; fd < 3 && fd != nothing; fd++)
    if (fstat(fd, &is) == 0 && (S_ISDIR(is.st_mode) || (S_ISCHR(is.st_mode) && is.st_rdev == null.st_rdev))) dup2(nothing, fd);
  close(nothing);
}

void leave_descriptors(void) {
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd < 3; fd++)
    if (nothing < 0 || dup2(nothing, fd) < 0) close(fd);
  close_others();
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* what goes first on a connection is nobody's to read in here */
}

static int is_step(const char *word) {
  static const char *const steps[] = {"links", "overlay", "scratch", "cover", "shut", "forward"};
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    if (strcmp(word, steps[i]) == 0) return 1;
  return 0;
}

/* Returns what follows it. */
static char **take_step(char **word) {
  const char *step = *word++;
  if (strcmp(step, "links") == 0) {
    const char *folder = next_path(&word, step), *bin = next_path(&word, step);
    char **names = word;
    while (*word && strcmp(*word, ";") != 0) word++;
    if (!*word || word == names) fail(step, folder, "no list of names that ends in ;");
    mount_links(folder, bin, names, (int)(word - names));
    return word + 1;
  }
  if (strcmp(step, "overlay") == 0) {
    const char *target = next_path(&word, step);
    char **lowers = word;
    while (*word && strcmp(*word, ";") != 0) next_path(&word, step);
    if (!*word || word == lowers) fail(step, target, "no list of folders that ends in ;");
    mount_overlay(target, lowers, (int)(word - lowers));
    return word + 1;
  }
  if (strcmp(step, "scratch") == 0) {
    const char *target = next_path(&word, step), *lower = next_path(&word, step), *upper = next_path(&word, step);
    mount_scratch(target, lower, upper, next_path(&word, step));
    return word;
  }
  if (strcmp(step, "cover") == 0) {
    mount_cover(next_path(&word, step));
    return word;
  }
  if (strcmp(step, "shut") == 0) {
    mount_shut(next_path(&word, step));
    return word;
  }
  const char *port = *word;
  if (!port) fail(step, "", "no port");
  word++;
  const char *socket = next_path(&word, step), *prefix = NULL;
  if (*word && strcmp(*word, "-") == 0) word++;
  else if (*word && **word == '/') prefix = *word++;
  listen_forward(port, socket, prefix);
  return word;
}

/* Only absolute ones: no path can be taken for a step, and none depends on where this was started. */
static char *next_path(char ***word, const char *step) {
  char *path = **word;
  if (!path || *path != '/') fail(step, path ? path : "", "not an absolute path");
  ++*word;
  return path;
}

/* What was open outside leads around what is mounted here; Node closes the first sixteen alone. 3: what `programs` listens on. */
static _Noreturn void execute(char **argv) {
  syscall(SYS_close_range, 4U, ~0U, 0U);
  execvp(*argv, argv);
  int error = errno;
  say((const char *const[]){*argv, ": ", strerror(error)}, 3);
  _exit(error == ENOENT ? MISSING : REFUSED);
}

_Noreturn void fail(const char *step, const char *target, const char *why) {
  say((const char *const[]){"sandbox: ", step, *target ? " " : "", target, ": ", why}, 6);
  _exit(UNUSABLE);
}

_Noreturn void fail_errno(const char *step, const char *target) { fail(step, target, strerror(errno)); }

/* One line in one write. A path may hold a line break, or what a terminal obeys. */
static void say(const char *const *parts, int count) {
  char line[PIPE_BUF];
  size_t size = (size_t)snprintf(line, sizeof line, "holdpoint: ");
  for (int i = 0; i < count; i++)
    for (const char *at = parts[i]; *at && size < sizeof line - 1; at++)
      line[size++] = (unsigned char)*at < ' ' || *at == 0x7f ? '?' : *at;
  line[size++] = '\n';
  if (write(STDERR_FILENO, line, size) < 0) _exit(UNUSABLE);
}
