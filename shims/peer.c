/*
 * Says who is at the other end of the unix socket on descriptor 3, and who takes in orphans here: "PID UID REAPER".
 *
 * The pid is the kernel's word (SO_PEERCRED), not the peer's. It is of the process that called connect(2): that one may be
 * gone, its descriptor with a child and its number with somebody else. SO_PEERPIDFD (Linux 6.5) holds on to the process
 * itself and says so. The reaper is whoever adopts a process whose parent ends: found by making such a process.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

/* The process behind a pidfd, -1 when it has ended, 0 when nobody can say. */
static long pid_of(int pidfd) {
  char path[64], line[256];
  long pid = 0;
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
  FILE *info = fopen(path, "re");
  if (info == NULL) return 0;
  while (fgets(line, sizeof line, info) != NULL)
    if (strncmp(line, "Pid:", 4) == 0) pid = strtol(line + 4, NULL, 10);
  fclose(info);
  return pid;
}

static long peer_of(int socket, long *uid) {
  struct ucred who;
  socklen_t size = sizeof who;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0 || who.pid <= 0) return -1;
  *uid = (long)who.uid;
  int pidfd = -1;
  size = sizeof pidfd;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &size) == 0) {
    long pid = pid_of(pidfd);
    if (pid != 0 && pid != (long)who.pid) return -1;
  }
  return (long)who.pid;
}

/* Waits, at most two seconds, until its parent is another one than `before`. */
static long adopter(pid_t before) {
  struct timespec pause = {0, 1000000};
  for (int tries = 0; tries < 2000 && getppid() == before; tries++) nanosleep(&pause, NULL);
  return getppid() == before ? -1 : (long)getppid();
}

static long reaper_here(void) {
  int ends[2];
  long reaper = -1;
  if (pipe(ends) != 0) return -1;
  pid_t child = fork();
  if (child == 0) {
    pid_t before = getpid();
    if (fork() == 0) {
      reaper = adopter(before);
      _exit(write(ends[1], &reaper, sizeof reaper) == (ssize_t)sizeof reaper ? 0 : 1);
    }
    _exit(0);
  }
  close(ends[1]);
  if (child < 0) return -1;
  waitpid(child, NULL, 0);
  if (read(ends[0], &reaper, sizeof reaper) != (ssize_t)sizeof reaper) reaper = -1;
  return reaper;
}

int main(void) {
  long uid = -1;
  long pid = peer_of(3, &uid);
  long reaper = pid < 0 ? -1 : reaper_here();
  if (pid < 0 || reaper < 0) return 126;
  return printf("%ld %ld %ld\n", pid, uid, reaper) > 0 ? 0 : 126;
}

#else

/* macOS knows the peer (LOCAL_PEERPID), but nothing like /proc to follow it: nobody is let in. */
int main(void) { return 126; }

#endif
