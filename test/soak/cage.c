// Runs scripts that nobody read, one after another, in a root of their own: cage ROOT WORK SHELL COUNT SECONDS. To be started as
// the first process of new mount, pid, net and ipc namespaces. Before each, ROOT/WORK is made anew from ROOT/plant; afterwards
// all that is left of it is killed, and ROOT/trace/log gets a line "#I STATUS LOST…" that names the planted files that no
// longer begin with what was planted. The programs of the script write to the same file (see stub.c).
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char work[4096], plant[4096], lost[4096];
static int checking;

static int drop(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)kind, (void)at;
  return remove(path) == 0 ? 0 : 0;
}

static int read_all(const char *path, char *text, int room) {
  int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK), size = file < 0 ? -1 : (int)read(file, text, room);
  if (file >= 0) close(file);
  return size;
}

/* Puts a planted file or folder in place, or looks whether it is still there. */
static int place(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)at;
  char to[8192], old[4096], now[4096];
  const char *name = path + strlen(plant);
  snprintf(to, sizeof to, "%s%s", work, name);
  if (kind == FTW_D) {
    if (!checking) mkdir(to, 0777), chmod(to, 0777);
    return 0;
  }
  int size = read_all(path, old, sizeof old);
  if (checking) {
    int left = read_all(to, now, sizeof now);
    if (left < size || memcmp(old, now, size) != 0) strncat(strncat(lost, " ", 2), name, 200);
    return 0;
  }
  int file = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (write(file, old, size) != size) exit(3);
  fchmod(file, 0666);
  close(file);
  return 0;
}

static void limit(int what, rlim_t most) {
  struct rlimit both = {most, most};
  setrlimit(what, &both);
}

/* The file size is a soft limit: the log outgrows what a script may write, and the stubs lift it for their row. */
static void limit_files(rlim_t most) {
  struct rlimit soft = {most, RLIM_INFINITY};
  setrlimit(RLIMIT_FSIZE, &soft);
}

static void run(char **argv, const char *root, const char *script) {
  limit(RLIMIT_CPU, 5), limit_files(1 << 20), limit(RLIMIT_NPROC, 400), limit(RLIMIT_CORE, 0);
  limit(RLIMIT_DATA, 1 << 29);
  int none = open("/dev/null", O_RDWR);
  dup2(none, 0), dup2(none, 1), dup2(none, 2);
  if (chroot(root) != 0 || chdir(argv[2]) != 0) _exit(3);
  setsid();
  if (setgroups(0, NULL) == 0) {
    if (setgid(65534) != 0 || setuid(65534) != 0) _exit(3);
  }
  // Beside the folder, where the judge finds the same: another machine's /home has people in it.
  char home[4200];
  snprintf(home, sizeof home, "HOME=%.*s/home", (int)(strrchr(argv[2], '/') - argv[2]), argv[2]);
  char *env[] = {"PATH=/usr/bin:/bin", home, "LC_ALL=C.UTF-8", NULL};
  if (strcmp(argv[3], "zsh") == 0) execle("/real/zsh", "zsh", "-f", script, (char *)NULL, env);
  char real[64];
  snprintf(real, sizeof real, "/real/%s", argv[3]);
  execle(real, argv[3], script, (char *)NULL, env);
  _exit(3);
}

int main(int argc, char **argv) {
  if (argc != 6 || getpid() != 1) return 2;
  snprintf(work, sizeof work, "%s%s", argv[1], argv[2]);
  snprintf(plant, sizeof plant, "%s/plant", argv[1]);
  char path[4200];
  snprintf(path, sizeof path, "%s/trace/log", argv[1]);
  int log = open(path, O_WRONLY | O_APPEND | O_CREAT, 0666), count = atoi(argv[4]);
  fchmod(log, 0666);
  // For /dev/fd: bash knows no other way to `source <(…)`.
  snprintf(path, sizeof path, "%s/proc", argv[1]);
  mount("proc", path, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
  umask(0);
  for (int i = 0; i < count; i++) {
    nftw(work, drop, 20, FTW_DEPTH | FTW_PHYS);
    checking = 0;
    nftw(plant, place, 20, FTW_PHYS);
    char script[64];
    snprintf(script, sizeof script, "/scripts/%d.sh", i);
    pid_t child = fork();
    if (child == 0) close(log), run(argv, argv[1], script);
    int status = -1, waited = 0;
    for (; waited < atoi(argv[5]) * 1000 && waitpid(child, &status, WNOHANG) == 0; waited++) usleep(1000);
    // What it left in the background gets a moment to start what it would start.
    for (int more = 0; more < 300; more++) {
      pid_t one = waitpid(-1, NULL, WNOHANG);
      if (one < 0) break;
      if (one == 0) usleep(1000);
    }
    kill(-1, SIGKILL);
    while (waitpid(-1, NULL, 0) > 0) {}
    lost[0] = 0, checking = 1;
    nftw(plant, place, 20, FTW_PHYS);
    dprintf(log, "#%d %d%s\n", i, waited >= atoi(argv[5]) * 1000 ? -1 : status, lost);
  }
  return 0;
}
