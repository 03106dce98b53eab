/*
 * What `inside` stays while its program runs: the first process of the sandbox's pid namespace. bubblewrap's own would be one that
 * does not see what is mounted here: /proc/1/root/usr/bin/rm would be the real rm. It waits for whoever has lost its parent, and when the
 * program ends, it ends as the program did; the kernel then ends all the others.
 */
#define _GNU_SOURCE
#include "inside.h"
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* bubblewrap outside is started with these ignored, or Ctrl-C would end it, and all of this with it. */
static const int passed[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
enum { passed_count = sizeof passed / sizeof *passed };

static volatile pid_t program;

/* What was sent to this process alone. The terminal's own signals have reached the program by themselves. */
static void pass(int number, siginfo_t *from, void *context) {
  int before = errno;
  (void)context;
  if (from->si_code == SI_USER && program > 0) kill(program, number);
  errno = before;
}

int run_first(void (*execute)(char **), char **argv) {
  signal(SIGCHLD, SIG_DFL);
  sigset_t held, before;
  sigemptyset(&held);
  for (int i = 0; i < passed_count; i++) sigaddset(&held, passed[i]);
  sigprocmask(SIG_BLOCK, &held, &before); /* until there is a program to pass them to */
  pid_t child = fork();
  if (child < 0) fail_errno("start", "process");
  if (child == 0) {
    for (int i = 0; i < passed_count; i++) signal(passed[i], SIG_DFL);
    sigprocmask(SIG_SETMASK, &before, NULL);
    execute(argv);
  }
  program = child;
  struct sigaction action = {.sa_sigaction = pass, .sa_flags = SA_RESTART | SA_SIGINFO};
  sigfillset(&action.sa_mask);
  for (int i = 0; i < passed_count; i++) sigaction(passed[i], &action, NULL);
  sigprocmask(SIG_SETMASK, &before, NULL);
  for (int status;;) {
    pid_t ended = waitpid(-1, &status, 0);
    if (ended < 0 && errno != EINTR) fail_errno("wait", "process");
    if (ended == child) return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
}
