/*
 * The forwarder of `inside`: where there is no network, ports of 127.0.0.1 that lead to unix sockets. One process serves
 * them all. It is a child of the sandbox's first process, not of the program: who waits for all of its children must not wait
 * for this one. It has a session of its own, for Ctrl-C is not meant for it, and ends with the pid namespace.
 */
#define _GNU_SOURCE
#include "inside.h"
#include "link.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { MOST_PORTS = 64, MOST_LINKS = 4000, MOST_PREFIX = 4096, PATIENCE_MS = 15000, PAUSE_MS = 20, AT_ONCE = 64 };

struct port {
  int listener;
  struct sockaddr_un to;
  char *prefix;
  size_t prefix_size;
};

static struct port ports[MOST_PORTS];
static size_t port_count;
static struct link *links;
static const struct port **ways; /* of each link */
static size_t link_count, most_links;

static void read_prefix(struct port *port, const char *path);
static void leave(void);
static void make_room(void);
static _Noreturn void serve(void);
static int take_clients(const struct port *port);
static int connect_link(struct link *link, const struct port *port);

static long now_ms(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

void listen_forward(const char *number, const char *socket_path, const char *prefix_file) {
  static const char step[] = "forward";
  char *rest;
  long wanted = strtol(number, &rest, 10);
  if (*number < '0' || *number > '9' || *rest || wanted < 1 || wanted > 65535) fail(step, number, "not a port");
  if (port_count == MOST_PORTS) fail(step, number, "too many ports");
  struct port *port = &ports[port_count];
  port->to.sun_family = AF_UNIX;
  if (strlen(socket_path) >= sizeof port->to.sun_path) fail(step, number, "the path of its socket is too long");
  memcpy(port->to.sun_path, socket_path, strlen(socket_path) + 1);
  if (prefix_file) read_prefix(port, prefix_file);
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)wanted), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(fd, (const struct sockaddr *)&here, sizeof here) != 0 || listen(fd, SOMAXCONN) != 0)
    fail_errno(step, number);
  port->listener = fd;
  port_count++;
}

/* Read now: the file need not be there once the program runs, which is not to see a login that is not its own. */
static void read_prefix(struct port *port, const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail_errno("forward", path);
  port->prefix = malloc(MOST_PREFIX + 1);
  if (!port->prefix) fail_errno("forward", path);
  for (ssize_t n = 1; n > 0 && port->prefix_size <= MOST_PREFIX; port->prefix_size += (size_t)n)
    if ((n = read(fd, port->prefix + port->prefix_size, MOST_PREFIX + 1 - port->prefix_size)) < 0) fail_errno("forward", path);
  if (port->prefix_size > MOST_PREFIX) fail("forward", path, "too long");
  close(fd);
}

void start_forwarder(void) {
  if (port_count == 0) return;
  pid_t server = fork();
  if (server < 0) fail_errno("forward", "process");
  if (server == 0) {
    leave();
    make_room();
    serve();
  }
  for (size_t i = 0; i < port_count; i++) close(ports[i].listener);
  port_count = 0;
}

static void leave(void) {
  leave_descriptors();
  setsid();
  if (chdir("/") != 0) _exit(1);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
}

void close_others(void) {
  int last = 2;
  for (size_t i = 0; i < port_count; i++)
    if (ports[i].listener > last) last = ports[i].listener;
  for (int fd = 3; fd < last; fd++) {
    int is_listener = 0;
    for (size_t i = 0; i < port_count; i++) is_listener |= ports[i].listener == fd;
    if (!is_listener) close(fd);
  }
  syscall(SYS_close_range, (unsigned)last + 1, ~0U, 0U);
}

static void make_room(void) {
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) _exit(1);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  rlim_t pairs = files.rlim_cur > 2 * MOST_PORTS + 2 ? (files.rlim_cur - 2 * MOST_PORTS) / 2 : 1;
  most_links = pairs < MOST_LINKS ? (size_t)pairs : MOST_LINKS;
  links = calloc(most_links, sizeof *links);
  ways = calloc(most_links, sizeof *ways);
  if (!links || !ways) _exit(1);
}

static _Noreturn void serve(void) {
  struct pollfd *all = calloc(MOST_PORTS + 2 * most_links, sizeof *all);
  if (!all) _exit(1);
  for (int is_short = 0;;) { /* short of descriptors or memory: new clients wait */
    int is_waiting = is_short, is_full = link_count == most_links || is_short;
    for (size_t i = 0; i < port_count; i++) all[i] = (struct pollfd){is_full ? -1 : ports[i].listener, POLLIN, 0};
    struct pollfd *pairs = all + port_count;
    for (size_t i = 0; i < link_count; i++) {
      await_link(&links[i], &pairs[2 * i], &pairs[2 * i + 1]);
      is_waiting |= !links[i].is_connected;
    }
    if (poll(all, port_count + 2 * link_count, is_waiting ? PAUSE_MS : -1) < 0) continue;
    int is_busy = 0; /* a queue that is full for one is full for all */
    for (size_t i = link_count; i-- > 0;) { /* downwards: the last takes the place of one that is over */
      int goes_on = serve_link(&links[i], pairs[2 * i].revents, pairs[2 * i + 1].revents);
      if (goes_on && !links[i].is_connected && !is_busy) goes_on = connect_link(&links[i], ways[i]), is_busy = !links[i].is_connected;
      if (goes_on) continue;
      close_link(&links[i]);
      links[i] = links[--link_count];
      ways[i] = ways[link_count];
    }
    is_short = 0;
    for (size_t i = 0; i < port_count; i++)
      if (all[i].revents) is_short |= !take_clients(&ports[i]);
  }
}

/* Returns 0 when there is no room for more. */
static int take_clients(const struct port *port) {
  for (int left = AT_ONCE; left > 0 && link_count < most_links; left--) {
    int on = 1, client = accept4(port->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct link fresh = {.client = client, .socket = -1, .patience = now_ms() + PATIENCE_MS};
    if (connect_link(&fresh, port)) {
      links[link_count] = fresh;
      ways[link_count++] = port;
    } else close_link(&fresh);
  }
  return 1;
}

/* Returns 0 when nobody is there, or takes it in time. */
static int connect_link(struct link *link, const struct port *port) {
  if (link->socket < 0) link->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (link->socket < 0) return 0;
  if (connect(link->socket, (const struct sockaddr *)&port->to, sizeof port->to) != 0)
    return errno == EAGAIN && now_ms() < link->patience;
  return begin_link(link, port->prefix, port->prefix_size);
}
