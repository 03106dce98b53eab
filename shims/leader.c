/*
 * leader MODES OUTER PROGRAM [ARG …]: the first process in the relay's inner terminal, and the parent of what runs there.
 *
 * The kernel lets Ctrl-Z stop a job, and a job stop itself by SIGTSTP, only when its parent is in the same session but not in
 * its process group: somebody who could continue it, as a shell. The relay is in the human's session. So this stands in for
 * the shell: it starts the program as a job, takes the terminal and stops when the job stops (the relay sees that, and stops
 * as well), continues the job in the background when it is continued itself, and gives it the terminal back on SIGURG. It
 * ends as the job ended.
 *
 * MODES is what `stty -g` printed for the human's terminal, OUTER is its path; both may be empty. When the inner terminal
 * hangs up although nobody asked for it, the relay has been killed: nobody else is left to put the human's terminal right.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static volatile pid_t job;
static char *modes, *outer;

static const int passed[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGTSTP};
enum { passed_count = sizeof passed / sizeof *passed };

static void pass(int number, siginfo_t *from, void *context);
static void restore_outer(void);
static void bring_to_front(int number);
static void set_modes(int terminal);
static _Noreturn void run(char **argv, const sigset_t *mask);
static int wait_for_end(void);
static _Noreturn void end_like(int status);

int main(int argc, char **argv) {
  if (argc < 4) {
    fputs("holdpoint: this program is started by the relay\n", stderr);
    return 126;
  }
  modes = argv[1];
  outer = argv[2];
  set_modes(STDIN_FILENO);

  /* Held back until there is a job to pass them to. */
  sigset_t held, before;
  sigemptyset(&held);
  for (int i = 0; i < passed_count; i++) sigaddset(&held, passed[i]);
  sigprocmask(SIG_BLOCK, &held, &before);
  signal(SIGTTOU, SIG_IGN); /* from the background it hands the terminal over */

  pid_t pid = fork();
  if (pid < 0) {
    perror("holdpoint: fork");
    return 126;
  }
  if (pid == 0) run(argv + 3, &before);
  setpgid(pid, pid); /* also done by the job itself: whoever comes first */
  job = pid;

  struct sigaction action = {.sa_sigaction = pass, .sa_flags = SA_RESTART | SA_SIGINFO};
  sigfillset(&action.sa_mask);
  for (int i = 0; i < passed_count; i++) sigaction(passed[i], &action, NULL);
  struct sigaction front = {.sa_handler = bring_to_front, .sa_flags = SA_RESTART};
  sigaction(SIGURG, &front, NULL);
  sigprocmask(SIG_SETMASK, &before, NULL);

  int status = wait_for_end();
  /* What the job left behind keeps running, as behind a shell: our end would hang up the group in the foreground. */
  tcsetpgrp(STDIN_FILENO, getpgrp());
  end_like(status);
}

/* A hang-up is for all of the job, stopped or not; what else comes was meant for the program. */
static void pass(int number, siginfo_t *from, void *context) {
  int before = errno;
  (void)context;
  if (number == SIGHUP) {
    if (from->si_pid == 0) restore_outer(); /* from the kernel */
    kill(-job, SIGHUP);
    kill(-job, SIGCONT);
  } else
    kill(job, number);
  errno = before;
}

/* Out of the alternate screen; no reports of mouse, focus and colours, no paste marks; keys, cursor, margins as usual. */
static void restore_outer(void) {
  static const char usual[] = "\030\033[?1047l\033[?1000;1002;1003;1004l\033[?1005;1006;1015;1016l\033[?2004;2026;2031;2048l"
                              "\033[?1;5;6;69l\033[<99u\033[>4m\033[4l\033>\033[?7;25h\0337\033[r\0338\017\033(B\033[0m";
  int terminal = open(outer, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (terminal < 0) return;
  struct termios now;
  /* A shell that has its prompt back has set its own modes. */
  if (tcgetattr(terminal, &now) == 0 && !(now.c_oflag & OPOST) && !(now.c_lflag & ISIG)) set_modes(terminal);
  if (write(terminal, usual, sizeof usual - 1) < 0) errno = 0; /* full, or gone: nothing can be done */
  close(terminal);
}

static void bring_to_front(int number) {
  int before = errno;
  (void)number;
  tcsetpgrp(STDIN_FILENO, job);
  kill(-job, SIGCONT);
  errno = before;
}

static void set_modes(int terminal) {
  if (!*modes) return;
  pid_t pid = fork();
  if (pid == 0) {
    char name[] = "stty", path[] = "PATH=/usr/bin:/bin", *argv[] = {name, modes, NULL}, *none[] = {path, NULL};
    dup2(terminal, STDIN_FILENO);
    execve("/usr/bin/stty", argv, none); /* not execvp(3): a signal may have come in the middle of malloc(3) */
    execve("/bin/stty", argv, none);
    _exit(127);
  }
  if (pid > 0) waitpid(pid, NULL, 0);
}

static _Noreturn void run(char **argv, const sigset_t *mask) {
  setpgid(0, 0);
  tcsetpgrp(STDIN_FILENO, getpid());
  signal(SIGTTOU, SIG_DFL);
  sigprocmask(SIG_SETMASK, mask, NULL);
  execvp(*argv, argv);
  int status = errno == ENOENT ? 127 : 126;
  fprintf(stderr, "holdpoint: %s: %s\n", *argv, strerror(errno));
  _exit(status);
}

static int wait_for_end(void) {
  for (int status;;) {
    if (waitpid(job, &status, WUNTRACED) < 0) {
      if (errno == EINTR) continue;
      return 126 << 8;
    }
    if (!WIFSTOPPED(status)) return status;
    tcsetpgrp(STDIN_FILENO, getpgrp());
    kill(getpid(), SIGSTOP);
    kill(-job, SIGCONT);
  }
}

static _Noreturn void end_like(int status) {
  if (WIFSIGNALED(status)) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none); /* the job has left one, if it was to */
    sigset_t ours;
    sigemptyset(&ours);
    sigaddset(&ours, WTERMSIG(status));
    signal(WTERMSIG(status), SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &ours, NULL); /* blocked by whoever started us, it would wait, and this end with status 0 */
    kill(getpid(), WTERMSIG(status));
    _exit(128 + WTERMSIG(status));
  }
  _exit(WEXITSTATUS(status));
}
