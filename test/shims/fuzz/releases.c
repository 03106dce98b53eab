/*
 * Releases and those who ask for them, in any order: the input is a row of events, two bytes each (what, with which), some
 * with bytes of their own. A program may go only to who sent its token, once, in time, and never to another user.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define must(what) \
  do { \
    if (!(what)) fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what), abort(); \
  } while (0)

enum { LISTENER = 3, FIRST = 4, FILES = 1700, TOKEN_SIZE = 32, IN_TIME = 30000 };
enum kind { CLOSED, PROGRAM, CLIENT, STRANGER };

static struct {
  enum kind kind;
  char token[TOKEN_SIZE]; /* of a program, its path; of a client, what it sent */
  size_t sent, taken;
  int has_left;
  long since;
} files[FILES];

static const uint8_t *input, *input_end;
static char feed[16384];
static size_t fed;
static int last_client, next_is_stranger, next_fails;
static long now;

static int add_file(enum kind kind) {
  for (int fd = FIRST; fd < FILES; fd++)
    if (files[fd].kind == CLOSED) return memset(&files[fd], 0, sizeof files[fd]), files[fd].kind = kind, files[fd].since = now, fd;
  return errno = EMFILE, -1;
}

static int world_open(const char *path) {
  must(path[0] == '/');
  if (next_fails) return next_fails = 0, errno = ENOENT, -1;
  int fd = add_file(PROGRAM);
  if (fd >= 0 && strlen(path) == 1 + TOKEN_SIZE) memcpy(files[fd].token, path + 1, TOKEN_SIZE);
  return fd;
}

static int world_close(int fd) {
  must(fd >= LISTENER && fd < FILES && (fd == LISTENER || files[fd].kind != CLOSED));
  return files[fd].kind = CLOSED, 0;
}

static void make_token(char *to, int which) {
  for (int i = 0; i < TOKEN_SIZE; i++) to[i] = "0123456789abcdef"[(which + i * (which >> 4)) & 15];
}

static void add_feed(const void *bytes, size_t size) {
  if (size > sizeof feed - fed) size = sizeof feed - fed;
  memcpy(feed + fed, bytes, size), fed += size;
}

static void add_frame(int which) {
  char frame[4 + 8 + 33 + 34] = {0, 0, 0, 8 + 33 + 34, 'r', 'e', 'l', 'e', 'a', 's', 'e'};
  make_token(frame + 12, which);
  frame[45] = '/';
  make_token(frame + 46, which);
  add_feed(frame, sizeof frame);
}

static void send_token(int which, size_t size) {
  if (files[last_client].kind < CLIENT) return;
  if (files[last_client].sent + size > TOKEN_SIZE) size = TOKEN_SIZE - files[last_client].sent;
  char token[TOKEN_SIZE];
  make_token(token, which);
  memcpy(files[last_client].token + files[last_client].sent, token + files[last_client].sent, size);
  files[last_client].sent += size;
}

/* One event. The end of the input is that of stdin. */
static int world_poll(struct pollfd *all, nfds_t count, int milliseconds) {
  must(milliseconds >= 0 && count >= 2);
  for (nfds_t i = 0; i < count; i++) all[i].revents = 0;
  if (input_end - input < 2) return all[0].revents = POLLIN, fed = 0, 1;
  int what = *input++, which = *input++;
  switch (what % 8) {
  case 0: add_frame(which); break;
  case 1:
    for (size_t size = (size_t)which; size > 0 && input < input_end; size--) add_feed(input++, 1);
    break;
  case 2: all[1].revents = POLLIN, next_is_stranger = which % 8 == 7; break;
  case 3: send_token(which, TOKEN_SIZE); break;
  case 4: send_token(which, (size_t)which % TOKEN_SIZE); break;
  case 5: now += which * 20; break;
  case 6: next_fails = which & 1, now += milliseconds; break;
  default:
    if (files[last_client].kind >= CLIENT) files[last_client].has_left = 1;
  }
  if (fed) all[0].revents = POLLIN;
  for (nfds_t i = 2; i < count; i++)
    if (files[all[i].fd].has_left || (all[i].events && files[all[i].fd].sent > files[all[i].fd].taken)) all[i].revents = POLLIN;
  return 1;
}

static ssize_t world_read(void *to, size_t size) {
  must(size > 0);
  if (size > fed) size = fed;
  memcpy(to, feed, size);
  memmove(feed, feed + size, fed -= size);
  return (ssize_t)size;
}

static ssize_t world_recv(int fd, void *to, size_t size, int flags) {
  must(files[fd].kind == CLIENT);
  size_t part = files[fd].sent - files[fd].taken;
  if (part == 0) return files[fd].has_left ? 0 : (errno = EAGAIN, -1);
  if (part > size) part = size;
  memcpy(to, files[fd].token + files[fd].taken, part);
  if (!(flags & MSG_PEEK)) files[fd].taken += part;
  return (ssize_t)part;
}

static int world_accept(void) { return last_client = add_file(next_is_stranger ? STRANGER : CLIENT); }

static int world_peer(int fd, struct ucred *who) { return who->uid = getuid() + (files[fd].kind == STRANGER), 0; }

static ssize_t world_sendmsg(int fd, const struct msghdr *message) {
  int program;
  memcpy(&program, CMSG_DATA(CMSG_FIRSTHDR(message)), sizeof program);
  must(files[fd].kind == CLIENT && files[fd].taken == TOKEN_SIZE && files[program].kind == PROGRAM);
  must(files[program].token[0] == 0 || memcmp(files[fd].token, files[program].token, TOKEN_SIZE) == 0);
  must(now - files[program].since <= IN_TIME && files[program].sent++ == 0);
  return 1;
}

static int world_clock(struct timespec *at) { return *at = (struct timespec){now / 1000, now % 1000 * 1000000}, 0; }

#define main programs_main
#define open(path, flags) world_open(path)
#define close(fd) world_close(fd)
#define poll(all, count, milliseconds) world_poll(all, count, milliseconds)
#define read(fd, to, size) world_read(to, size)
#define recv(fd, to, size, flags) world_recv(fd, to, size, flags)
#define accept4(fd, a, b, c) world_accept()
#define getsockopt(fd, a, b, who, size) ((void)(size), world_peer(fd, who))
#define sendmsg(fd, message, flags) world_sendmsg(fd, message)
#define clock_gettime(clock, at) world_clock(at)
#define socket(a, b, c) LISTENER
#define bind(a, b, c) ((void)(b), 0)
#define listen(a, b) 0
#define umask(to) ((mode_t)0)
#define unlink(path) ((void)(path))
#define signal(a, b) ((void)0)
#define getrlimit(a, b) ((void)(b), -1)
#define setrlimit(a, b) ((void)(b))
#define puts(text) 0
#define fflush(to) 0
#include "../../../shims/programs.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *argv[] = {(char[]){"programs"}, (char[]){"/s/programs"}, NULL};
  input = data, input_end = data + size;
  must(programs_main(2, argv) == 0);
  int open_files = 0;
  for (int fd = FIRST; fd < FILES; fd++) open_files += files[fd].kind != CLOSED;
  must((size_t)open_files <= release_count + client_count);
  memset(files, 0, sizeof files);
  release_count = client_count = pending_size = fed = 0;
  last_client = next_is_stranger = next_fails = 0, now = 0;
  return 0;
}
