/*
 * programs SOCKET [COMMAND …]: hands out the session's real programs. In a sandbox the shims lie over them, so that nobody in there can
 * open one by its name. The broker writes releases on descriptor 0 (frames as in docs/inside/protocol.md: `release`, TOKEN, PATH);
 * a shim connects to the unix socket, writes its token, and gets a descriptor of the real folder, in which it can execute the program.
 *
 * A descriptor stays in the mounts it was opened in, and "/proc/self/fd/N/../.." leads through all of them: the machine's own would be
 * writable, and nothing hidden. So COMMAND is executed with the listening socket as descriptor 3, makes the same view as that of those
 * inside, less the shims, and starts `programs 3` in it.
 *
 * A token works once, for 30 seconds.
 * One that is not known yet is waited for: its release may still be in the pipe. Says "ready" on stdout when it listens, and ends with stdin.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#ifndef LIFE_MS
#define LIFE_MS 30000 /* tests have a shorter one */
#endif

enum { TOKEN = 32, HANDED_OVER = 3, WAIT_MS = 2000, MOST_RELEASES = 1024, MOST_CLIENTS = 512, LONGEST_FRAME = 8192, SPARE = 64 };

struct release {
  char token[TOKEN];
  int folder; /* -1: it cannot be opened, or has no such program */
  long until;
};

struct client {
  int fd;
  char token[TOKEN];
  size_t size; /* of the token, so far */
  long until;
};

/* In the order in which they came, so that the oldest is the first. */
static struct release releases[MOST_RELEASES];
static struct client clients[MOST_CLIENTS];
static size_t release_count, client_count;
static char pending[4 + LONGEST_FRAME]; /* of stdin */
static size_t pending_size;

static int listen_at(const char *path);
static int hand_over(int listener, char **command);
static void raise_limit(void);
static int read_releases(void);
static int add_release(const char *body, size_t size);
static void accept_client(int listener);
static int serve_client(struct client *client);
static void drop_release(size_t at);
static void drop_client(size_t at);
static void drop_late(void);

static long now_ms(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static int complain(const char *what) {
  fprintf(stderr, "holdpoint: programs: %s: %s\n", what, strerror(errno));
  return 126;
}

int main(int argc, char **argv) {
  static struct pollfd all[MOST_CLIENTS + 2];
  static const int ignored[] = {SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGPIPE}; /* keys are meant for the agent */
  if (argc < 2) {
    fputs("holdpoint: this program is started by the session\n", stderr);
    return 126;
  }
  for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) signal(ignored[i], SIG_IGN);
  int is_handed = strcmp(argv[1], "3") == 0;
  int listener = is_handed ? HANDED_OVER : listen_at(argv[1]);
  if (listener < 0) return complain(argv[1]);
  if (argc > 2) return hand_over(listener, argv + 2);
  raise_limit();
  if (puts("ready") < 0 || fflush(stdout) != 0) return complain("stdout");
  for (;;) {
    all[0] = (struct pollfd){STDIN_FILENO, POLLIN, 0};
    all[1] = (struct pollfd){listener, POLLIN, 0};
    for (size_t i = 0; i < client_count; i++) all[i + 2] = (struct pollfd){clients[i].fd, clients[i].size < TOKEN ? POLLIN : 0, 0};
    long now = now_ms(), next = now + LIFE_MS;
    if (client_count > 0 && clients[0].until < next) next = clients[0].until;
    if (release_count > 0 && releases[0].until < next) next = releases[0].until;
    size_t asked = client_count;
    if (poll(all, asked + 2, next > now ? (int)(next - now) : 0) < 0 && errno != EINTR) return complain("poll");
    if (all[0].revents && !read_releases()) break;
    for (size_t i = asked; i-- > 0;)
      if (!serve_client(&clients[i])) drop_client(i);
    if (all[1].revents) accept_client(listener);
    drop_late();
  }
  if (!is_handed) unlink(argv[1]);
  return 0;
}

/* Returns when that fails. */
static int hand_over(int listener, char **command) {
  if (listener == HANDED_OVER) fcntl(listener, F_SETFD, 0);
  else if (dup2(listener, HANDED_OVER) < 0) return complain("descriptor 3");
  execv(*command, command);
  return complain(*command);
}

/* Each release and each client is a descriptor. */
static void raise_limit(void) {
  struct rlimit files;
  rlim_t wanted = MOST_RELEASES + MOST_CLIENTS + SPARE;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= wanted) return;
  files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
  setrlimit(RLIMIT_NOFILE, &files);
}

static int listen_at(const char *path) {
  struct sockaddr_un here = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof here.sun_path) return errno = ENAMETOOLONG, -1;
  memcpy(here.sun_path, path, strlen(path) + 1);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  unlink(path); /* of one that was killed */
  mode_t before = umask(0177);
  int is_bound = bind(fd, (const struct sockaddr *)&here, sizeof here) == 0;
  umask(before);
  if (is_bound && listen(fd, SOMAXCONN) == 0) return fd;
  int error = errno;
  close(fd);
  return errno = error, -1;
}

/* Returns 0 at the end, and when what comes is no release: nobody but the broker writes here, so something is badly wrong. */
static int read_releases(void) {
  ssize_t n = read(STDIN_FILENO, pending + pending_size, sizeof pending - pending_size);
  if (n < 0) return errno == EINTR || errno == EAGAIN;
  if (n == 0) return 0;
  pending_size += (size_t)n;
  while (pending_size >= 4) {
    const unsigned char *head = (const unsigned char *)pending;
    size_t body = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (body > LONGEST_FRAME) return 0;
    if (pending_size < 4 + body) break;
    if (!add_release(pending + 4, body)) return 0;
    pending_size -= 4 + body;
    memmove(pending, pending + 4 + body, pending_size);
  }
  return 1;
}

static int is_token(const char *text, size_t size) {
  for (size_t i = 0; i < size; i++)
    if (!((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f'))) return 0;
  return size == TOKEN;
}

static int open_folder(const char *path) {
  char folder[PATH_MAX];
  const char *slash = strrchr(path, '/');
  size_t size = slash == path ? 1 : (size_t)(slash - path);
  if (size >= sizeof folder) return errno = ENAMETOOLONG, -1;
  memcpy(folder, path, size);
  folder[size] = 0;
  return access(path, F_OK) == 0 ? open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
}

/* "release", TOKEN, PATH, each ended by NUL. */
static int add_release(const char *body, size_t size) {
  static const char verb[] = "release";
  size_t head = sizeof verb + TOKEN + 1;
  if (size < head + 2 || memcmp(body, verb, sizeof verb) != 0 || !is_token(body + sizeof verb, TOKEN)) return 0;
  const char *path = body + head;
  if (path[-1] != 0 || *path != '/' || memchr(path, 0, size - head) != body + size - 1) return 0;
  if (release_count == MOST_RELEASES) drop_release(0);
  struct release fresh = {.folder = open_folder(path), .until = now_ms() + LIFE_MS};
  for (; fresh.folder < 0 && errno == EMFILE && release_count > 0; fresh.folder = open_folder(path)) drop_release(0);
  memcpy(fresh.token, body + sizeof verb, TOKEN);
  releases[release_count++] = fresh;
  return 1;
}

/* The oldest makes room: who floods this has the flood's own connections go first. */
static void accept_client(int listener) {
  struct ucred who;
  socklen_t size = sizeof who;
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    if ((errno == EMFILE || errno == ENFILE) && client_count > 0) drop_client(0);
    else if ((errno == EMFILE || errno == ENFILE) && release_count > 0) drop_release(0);
    return;
  }
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0 || who.uid != getuid()) {
    close(fd);
    return;
  }
  if (client_count == MOST_CLIENTS) drop_client(0);
  clients[client_count++] = (struct client){.fd = fd, .until = now_ms() + WAIT_MS};
}

static void hand_out(int to, int folder) {
  char byte = 0;
  union {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
  } control = {.room = {0}};
  struct iovec body = {&byte, 1};
  struct msghdr message = {.msg_iov = &body, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
  control.head = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))};
  memcpy(CMSG_DATA(&control.head), &folder, sizeof folder);
  if (sendmsg(to, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) errno = 0; /* gone: its token is spent all the same */
}

/* Returns 0 when it is done with. */
static int serve_client(struct client *client) {
  if (client->size < TOKEN) {
    ssize_t n = recv(client->fd, client->token + client->size, TOKEN - client->size, MSG_DONTWAIT);
    if (n <= 0) return n < 0 && (errno == EAGAIN || errno == EINTR);
    client->size += (size_t)n;
    if (client->size < TOKEN) return 1;
    if (!is_token(client->token, TOKEN)) return 0;
  }
  char more;
  ssize_t n = recv(client->fd, &more, 1, MSG_DONTWAIT | MSG_PEEK);
  if (n >= 0 || (errno != EAGAIN && errno != EINTR)) return 0; /* gone, or it says what nobody asked for */
  for (size_t i = 0; i < release_count; i++) {
    if (memcmp(releases[i].token, client->token, TOKEN) != 0) continue;
    if (releases[i].folder >= 0 && releases[i].until > now_ms()) hand_out(client->fd, releases[i].folder);
    drop_release(i);
    return 0;
  }
  return 1;
}

static void drop_release(size_t at) {
  if (releases[at].folder >= 0) close(releases[at].folder);
  memmove(releases + at, releases + at + 1, (--release_count - at) * sizeof *releases);
}

static void drop_client(size_t at) {
  close(clients[at].fd);
  memmove(clients + at, clients + at + 1, (--client_count - at) * sizeof *clients);
}

static void drop_late(void) {
  long now = now_ms();
  while (release_count > 0 && releases[0].until <= now) drop_release(0);
  while (client_count > 0 && clients[0].until <= now) drop_client(0);
}
