/*
 * A real program that the shim cannot reach by its name: the folder that it lies in, from the session's `programs`
 * (docs/inside/protocol.md). A descriptor of the program itself would do, but older kernels then call the process by its number.
 */
#define _GNU_SOURCE
#include "shim.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#ifdef __linux__

enum { TOKEN = 32, PATIENCE_S = 15 };

static int receive_folder(int fd);

int fetch_program(const char *session, const char *token) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  struct timeval limit = {PATIENCE_S, 0};
  int n = snprintf(address.sun_path, sizeof address.sun_path, "%s/programs", session);
  if (n < 0 || (size_t)n >= sizeof address.sun_path) deny("the path of the session is too long", session);
  if (strlen(token) != TOKEN) deny_garbage();
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd >= 0) fd = lift(fd);
  if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
    int is_forbidden = errno == EPERM || errno == EACCES || errno == EAFNOSUPPORT;
    deny("cannot reach the session's programs", is_forbidden ? "a sandbox inside the session's own must let unix sockets be used" : strerror(errno));
  }
  if (write(fd, token, TOKEN) != TOKEN) deny("cannot reach the session's programs", strerror(errno));
  int folder = receive_folder(fd);
  close(fd);
  return folder;
}

static int receive_folder(int fd) {
  char byte;
  union {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
  } control = {.room = {0}};
  struct iovec body = {&byte, 1};
  struct msghdr message = {.msg_iov = &body, .msg_iovlen = 1, .msg_control = control.room};
  ssize_t n;
  do { /* what a call that was interrupted leaves in it is said nowhere */
    message.msg_controllen = sizeof control.room;
    n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
  } while (n < 0 && errno == EINTR);
  if (n < 0) deny("the session's programs do not answer", strerror(errno));
  const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  if (n != 1 || !head || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS || head->cmsg_len != CMSG_LEN(sizeof(int)))
    deny("the session did not hand out the program", "");
  int folder;
  memcpy(&folder, CMSG_DATA(head), sizeof folder);
  return lift(folder);
}

void execute_handed(int folder, const char *program, char **argv, char **env) {
  char path[PATH_MAX];
  const char *slash = strrchr(program, '/');
  snprintf(path, sizeof path, "/proc/self/fd/%d/%s", folder, slash ? slash + 1 : program);
  execve(path, argv, env);
}

#else

int fetch_program(const char *session, const char *token) { deny("programs are handed out on Linux alone", *token ? session : ""); }
void execute_handed(int folder, const char *program, char **argv, char **env) { (void)folder, (void)program, (void)argv, (void)env; }

#endif
