/* One client of the forwarder and its way to the unix socket: two streams, each with an end of its own. */
#ifndef HOLDPOINT_LINK_H
#define HOLDPOINT_LINK_H
#include <poll.h>
#include <stddef.h>

/* What was read and could not be written yet lies in `kept`; nothing more is read until it is gone. */
struct flow {
  char *kept;
  size_t at, end;
  int ended; /* nothing more comes */
  int done;  /* and nothing more goes */
};

enum { TO_SOCKET, TO_CLIENT };

struct link {
  int client, socket;
  int is_connected;
  long patience; /* until when a full queue of the socket is waited for, by the clock of CLOCK_MONOTONIC in ms */
  struct flow flows[2];
};

/* Its socket is connected; `prefix` goes before all that the client sends. Returns 0 without memory. */
int begin_link(struct link *link, const char *prefix, size_t size);
/* What is waited for; a descriptor from which nothing is wanted is none, for poll(2) would tell of its hang-up for ever. */
void await_link(const struct link *link, struct pollfd *client, struct pollfd *socket);
/* Moves what can be moved. Returns 0 when the link is over. */
int serve_link(struct link *link, short client, short socket);
void close_link(struct link *link);

#endif
