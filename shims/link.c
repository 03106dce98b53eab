/* See link.h. An end of one direction is passed on and leaves the other open: "send all, then read the answer" works. */
#define _GNU_SOURCE
#include "link.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PART = 16384, READY = POLLHUP | POLLERR };
enum outcome { GOES_ON, FROM_BROKEN, TO_BROKEN };

static char part[PART];

static int may_read(const struct flow *flow) { return !flow->ended && !flow->done && flow->end == 0; }
static int may_write(const struct flow *flow) { return flow->end > 0; }

static int keep(struct flow *flow, const char *bytes, size_t size) {
  if (!(flow->kept = malloc(size))) return 0;
  memcpy(flow->kept, bytes, size);
  flow->at = 0, flow->end = size;
  return 1;
}

int begin_link(struct link *link, const char *prefix, size_t size) {
  link->is_connected = 1;
  return size == 0 || keep(&link->flows[TO_SOCKET], prefix, size);
}

void await_link(const struct link *link, struct pollfd *client, struct pollfd *socket) {
  const struct flow *up = &link->flows[TO_SOCKET], *down = &link->flows[TO_CLIENT];
  *client = (struct pollfd){link->client, 0, 0};
  *socket = (struct pollfd){-1, 0, 0};
  if (!link->is_connected) return; /* of the client, only that it is gone */
  client->events = (short)((may_read(up) ? POLLIN : 0) | (may_write(down) ? POLLOUT : 0));
  if (up->ended && down->done) client->fd = -1;
  socket->events = (short)((may_read(down) ? POLLIN : 0) | (may_write(up) ? POLLOUT : 0));
  if (socket->events) socket->fd = link->socket;
}

/* What is left of `bytes` is kept. */
static enum outcome write_part(struct flow *flow, int to, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t n = send(to, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno != EAGAIN && errno != ENOBUFS) return TO_BROKEN;
    if (n < 0) break;
    bytes += n, size -= (size_t)n;
  }
  return size == 0 || keep(flow, bytes, size) ? GOES_ON : TO_BROKEN;
}

static enum outcome flush(struct flow *flow, int to) {
  ssize_t n = send(to, flow->kept + flow->at, flow->end - flow->at, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n < 0) return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? GOES_ON : TO_BROKEN;
  flow->at += (size_t)n;
  if (flow->at < flow->end) return GOES_ON;
  free(flow->kept);
  flow->kept = NULL, flow->at = flow->end = 0;
  return GOES_ON;
}

static enum outcome move_on(struct flow *flow, int from, short from_is, int to, short to_is) {
  enum outcome outcome = GOES_ON;
  if (may_write(flow)) {
    if (to_is & (POLLOUT | READY)) outcome = flush(flow, to);
  } else if (may_read(flow) && from_is & (POLLIN | READY)) {
    ssize_t n = recv(from, part, sizeof part, MSG_DONTWAIT);
    if (n < 0) return errno == EAGAIN || errno == EINTR ? GOES_ON : FROM_BROKEN;
    if (n == 0) flow->ended = 1;
    else outcome = write_part(flow, to, part, (size_t)n);
  }
  return outcome;
}

static void finish(struct flow *flow, int to) {
  if (!flow->ended || flow->end > 0 || flow->done) return;
  shutdown(to, SHUT_WR);
  flow->done = 1;
}

int serve_link(struct link *link, short client, short socket) {
  struct flow *up = &link->flows[TO_SOCKET], *down = &link->flows[TO_CLIENT];
  if (client & (POLLERR | POLLNVAL)) return 0; /* a reset: nobody reads what is on its way */
  if (!link->is_connected) return 1;
  enum outcome sent = move_on(up, link->client, client, link->socket, socket);
  enum outcome got = move_on(down, link->socket, socket, link->client, client);
  if (sent == FROM_BROKEN || got == TO_BROKEN) return 0;
  if (sent == TO_BROKEN) { /* who does not want to read on may still have to say why */
    free(up->kept);
    *up = (struct flow){.ended = up->ended, .done = 1};
  }
  if (got == FROM_BROKEN) down->ended = 1; /* it went away with something unread; what it had sent has been passed on */
  finish(up, link->socket);
  finish(down, link->client);
  return !(up->done && down->done);
}

void close_link(struct link *link) {
  close(link->client);
  if (link->socket >= 0) close(link->socket);
  free(link->flows[TO_SOCKET].kept);
  free(link->flows[TO_CLIENT].kept);
}
