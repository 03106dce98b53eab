/*
 * Guarded calls that leave a trace, one after another, until one is refused for want of a guard: `traces FOLDER WORKER…`. Each
 * worker deletes FOLDER/WORKER-N (made by itself), moves FOLDER/from-WORKER-N, and deletes FOLDER/kept-WORKER-N, which was
 * there before and goes to the trash, where there is one.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int run(char **argv) {
  pid_t pid;
  int status;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) != 0 || waitpid(pid, &status, 0) != pid) return -1;
  posix_spawn_file_actions_destroy(&actions);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void create(const char *path) { close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)); }

int main(int argc, char **argv) {
  char a[4096], b[4096], c[4096], d[4096];
  for (int worker = 2; worker < argc; worker++) {
    if (fork() != 0) continue;
    for (int n = 0; n < 500; n++) {
      snprintf(a, sizeof a, "%s/%s-%d", argv[1], argv[worker], n);
      snprintf(b, sizeof b, "%s/from-%s-%d", argv[1], argv[worker], n);
      snprintf(c, sizeof c, "%s/to-%s-%d", argv[1], argv[worker], n);
      snprintf(d, sizeof d, "%s/kept-%s-%d", argv[1], argv[worker], n);
      create(a), create(b);
      if (run((char *[]){"rm", "-f", a, NULL}) == 126) _exit(0);
      if (run((char *[]){"mv", b, c, NULL}) == 126) _exit(0);
      if (access(d, F_OK) == 0) run((char *[]){"rm", d, NULL});
    }
    _exit(0);
  }
  while (wait(NULL) > 0) {}
  return 0;
}
