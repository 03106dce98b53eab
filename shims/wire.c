/* Frames to and from the broker: over its socket or, where a sandbox forbids AF_UNIX, over a pair of its FIFOs. */
#define _GNU_SOURCE
#include "shim.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

enum { FIRST_FRAME_MS = 15000, BEAT_MS = 15000, OVERSLEPT_MS = 1000, TAG = 12, PAYLOAD = 4080 };

static int in = -1, out = -1;
static int packets; /* FIFOs: the frames travel in tagged packets */
static char tag[TAG];
static long deadline; /* for the frame that is awaited */
static size_t part_left; /* of the packet that is being read */
static char buffer[65536];
static size_t unread, filled; /* what of it is still to be taken */

static int open_socket(const char *session);
static int open_fifos(const char *session);
static void write_raw(const char *bytes, size_t size);
static void read_bytes(char *to, size_t size);
static void read_raw(char *to, size_t size);
static void await(int fd, short events);

static int forbidden(int error) { return error == EPERM || error == EACCES || error == EAFNOSUPPORT; }

int open_wire(const char *session) {
  const char *wanted = getenv("HOLDPOINT_TRANSPORT"); /* chooses the way, for `doctor`; both lead to the same broker */
  deadline = now_ms() + FIRST_FRAME_MS;
  if (wanted && strcmp(wanted, "fifo") == 0) return open_fifos(session);
  if (open_socket(session)) return 1;
  return forbidden(errno) ? open_fifos(session) : 0;
}

static int open_socket(const char *session) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  struct timeval limit = {FIRST_FRAME_MS / 1000, 0};
  int n = snprintf(address.sun_path, sizeof address.sun_path, "%s/sock", session);
  if (n < 0 || (size_t)n >= sizeof address.sun_path) deny("the path of the session is too long", session);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0) return 0;
  fd = lift(fd);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit); /* bounds connect(), too, when the backlog is full */
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) return 0; /* the next step ends or executes us */
  fcntl(fd, F_SETFL, O_NONBLOCK);
  in = out = fd;
  return 1;
}

int make_fifos(const char *session, int pairs) {
  for (int n = 0; n < 2 * pairs; n++) {
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/fifo/%d.%s", session, n / 2, n % 2 ? "out" : "in");
    if (mkfifo(path, 0600) != 0) return 0; /* there already: nobody but the session itself, once, is to make them */
  }
  return 1;
}

static int open_fifos(const char *session) {
  char path[PATH_MAX + 32];
  packets = 1;
  if (getentropy(tag, TAG) < 0) deny("getentropy", strerror(errno));
  for (int n = 0;; n++) {
    snprintf(path, sizeof path, "%s/fifo/%d.out", session, n);
    int from = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (from < 0 && (errno != ENOENT || n == 0)) return 0;
    if (from < 0) { /* all are taken: others wait for their answers */
      if (now_ms() >= deadline) deny("the session's guard is busy", "");
      nanosleep(&(struct timespec){0, 20000000}, NULL);
      n = -1;
      continue;
    }
    from = lift(from);
    snprintf(path, sizeof path, "%s/fifo/%d.in", session, n);
    int to = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC); /* ENXIO: no broker reads there */
    if (to < 0) return 0;
    to = lift(to);
    if (flock(to, LOCK_EX | LOCK_NB) == 0) {
      in = from, out = to;
      return 1;
    }
    close(from), close(to);
  }
}

void send_frame(const char *body, size_t size) {
  char *frame = take(size + 4);
  uint32_t length = (uint32_t)size;
  deadline = now_ms() + FIRST_FRAME_MS;
  for (int i = 0; i < 4; i++) frame[i] = (char)(length >> (24 - 8 * i));
  memcpy(frame + 4, body, size);
  if (!packets) write_raw(frame, size + 4);
  else
    for (size_t at = 0; at < size + 4; at += PAYLOAD) { /* at most PIPE_BUF: whole or not at all, even if we are killed */
      char packet[4 + TAG + PAYLOAD];
      size_t part = size + 4 - at < PAYLOAD ? size + 4 - at : PAYLOAD;
      memcpy(packet, (char[]){0, 0, (char)(part >> 8), (char)part}, 4);
      memcpy(packet + 4, tag, TAG);
      memcpy(packet + 4 + TAG, frame + at, part);
      write_raw(packet, 4 + TAG + part);
    }
  free(frame);
}

static void write_raw(const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t n = write(out, bytes, size);
    if (n >= 0) bytes += n, size -= (size_t)n;
    else if (errno == EAGAIN) await(out, POLLOUT);
    else if (errno != EINTR) deny("the session's guard is gone", strerror(errno));
  }
}

static size_t length_of(const char *head) {
  const unsigned char *b = (const unsigned char *)head;
  return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
}

char *read_frame(size_t *size) {
  char head[4];
  read_bytes(head, 4);
  *size = length_of(head);
  if (*size == 0 || *size > FRAME_LIMIT) deny_garbage();
  char *body = take(*size);
  read_bytes(body, *size);
  deadline = now_ms() + BEAT_MS;
  if (body[*size - 1] != 0) deny_garbage();
  return body;
}

static void read_bytes(char *to, size_t size) {
  char head[4 + TAG];
  while (packets && size > 0) {
    if (part_left == 0) {
      read_raw(head, sizeof head);
      part_left = length_of(head);
      if (part_left > PAYLOAD) deny_garbage();
      if (memcmp(head + 4, tag, TAG) != 0) read_raw(NULL, part_left), part_left = 0; /* for a caller killed before us */
    }
    size_t part = part_left < size ? part_left : size;
    read_raw(to, part);
    to += part, size -= part, part_left -= part;
  }
  read_raw(to, size);
}

static void read_raw(char *to, size_t size) {
  while (size > 0) {
    if (unread == filled) {
      await(in, POLLIN);
      ssize_t n = read(in, buffer, sizeof buffer);
      if (n == 0) deny("the session's guard is gone", "");
      if (n < 0 && errno != EINTR && errno != EAGAIN) deny("the session's guard is gone", strerror(errno));
      unread = 0, filled = n > 0 ? (size_t)n : 0;
    }
    size_t part = filled - unread < size ? filled - unread : size;
    if (to) memcpy(to, buffer + unread, part), to += part;
    unread += part, size -= part;
  }
}

static void await(int fd, short events) {
  for (;;) {
    struct pollfd one = {fd, events, 0};
    long left = deadline - now_ms();
    int ready = poll(&one, 1, left > 0 ? (int)left : 0);
    if (ready > 0) return;
    /* Long past it: we were stopped, and who answers may have been with us (SIGSTOP to a whole group, a frozen container). */
    if (ready == 0 && now_ms() > deadline + OVERSLEPT_MS) deadline = now_ms() + BEAT_MS;
    else if (ready == 0) deny("the session's guard does not answer", "");
    if (errno != EINTR) deny("poll", strerror(errno));
  }
}
