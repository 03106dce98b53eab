// Preloaded into every dynamically linked program of a session with --net (LD_PRELOAD): what connects to a port that the session
// watches is connected to the session's proxy, which is told in a first line where to. It decides nothing: what the proxy
// passes on is the broker's to say, and where the proxy is gone nothing is reached.
//
// HOLDPOINT_REACH is "PROXYPORT LOGIN PORT,PORT… PORT,PORT… [only]": the login in base64, ports of other machines, ports of this one.
// only: every port of both, and no socket of PostgreSQL, for a psql that was let run because each of its statements comes by.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { most_ports = 64, most_names = 256, longest_name = 255, longest_login = 512, patience = 1000 };

// Written once, before main: programs may change their environment while other threads connect.
static struct {
  uint16_t proxy;
  char login[longest_login];
  uint16_t far[most_ports], near[most_ports];
  size_t fars, nears;
  bool is_confined;
} settings;

// Names by the address that they were found to have. Connecting may happen in a signal handler, or between fork and exec while
// another thread was writing: nobody ever waits, and an entry that is being written is one that is not there.
static struct {
  atomic_uint turn;  // odd: being written
  unsigned char address[16];
  char name[longest_name + 1];
} names[most_names];
static atomic_uint next_name;

typedef int connector(int, const struct sockaddr *, socklen_t);
typedef int resolver(const char *, const char *, const struct addrinfo *, struct addrinfo **);
static connector *real_connect;
static resolver *real_getaddrinfo;

static size_t read_ports(const char *text, size_t length, uint16_t *ports) {
  size_t count = 0;
  for (const char *at = text, *end = text + length; at < end && count < most_ports; ) {
    char *after;
    unsigned long port = strtoul(at, &after, 10);
    if (after == at) break;
    if (port > 0 && port < 65536) ports[count++] = (uint16_t)port;
    at = after + 1;
  }
  return count;
}

__attribute__((constructor)) static void open_reach(void) {
  // Through void *: ISO C knows no conversion between the two kinds of pointers, POSIX does.
  *(void **)&real_connect = dlsym(RTLD_NEXT, "connect");
  *(void **)&real_getaddrinfo = dlsym(RTLD_NEXT, "getaddrinfo");
  const char *text = getenv("HOLDPOINT_REACH");
  if (text == NULL) return;
  char *after;
  unsigned long proxy = strtoul(text, &after, 10);
  if (proxy == 0 || proxy > 65535 || *after != ' ') return;
  const char *login = after + 1;
  size_t size = strcspn(login, " ");
  if (size >= sizeof settings.login) return;
  memcpy(settings.login, login, size);
  const char *far = login + size;
  far += strspn(far, " ");
  size_t far_size = strcspn(far, " ");
  settings.fars = read_ports(far, far_size, settings.far);
  const char *near = far + far_size;
  near += strspn(near, " ");
  size_t near_size = strcspn(near, " ");
  settings.nears = read_ports(near, near_size, settings.near);
  settings.is_confined = strcmp(near + near_size, " only") == 0;
  settings.proxy = (uint16_t)proxy;
}

static int plain_connect(int descriptor, const struct sockaddr *address, socklen_t size) {
  if (real_connect != NULL) return real_connect(descriptor, address, size);
  return (int)syscall(SYS_connect, descriptor, address, size);
}

// As IPv6 writes every address; false where it is none of the two kinds.
static bool read_address(const struct sockaddr *address, socklen_t size, unsigned char to[16], uint16_t *port) {
  if (address == NULL) return false;
  if (size >= sizeof(struct sockaddr_in) && address->sa_family == AF_INET) {
    struct sockaddr_in in;
    memcpy(&in, address, sizeof in);
    memcpy(to, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
    memcpy(to + 12, &in.sin_addr, 4);
    *port = ntohs(in.sin_port);
    return true;
  }
  if (size >= sizeof(struct sockaddr_in6) && address->sa_family == AF_INET6) {
    struct sockaddr_in6 in;
    memcpy(&in, address, sizeof in);
    memcpy(to, &in.sin6_addr, 16);
    *port = ntohs(in.sin6_port);
    return true;
  }
  return false;
}

static bool is_mapped(const unsigned char address[16]) {
  return memcmp(address, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0;
}

// 0.0.0.0 and :: are this machine, too.
static bool is_near(const unsigned char address[16]) {
  if (is_mapped(address)) return address[12] == 127 || memcmp(address + 12, "\0\0\0\0", 4) == 0;
  return memcmp(address, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 15) == 0 && address[15] <= 1;
}

static bool has_port(const uint16_t *ports, size_t count, uint16_t port) {
  for (size_t at = 0; at < count; at++)
    if (ports[at] == port) return true;
  return false;
}

static void remember(const unsigned char address[16], const char *name) {
  unsigned at = atomic_fetch_add(&next_name, 1) % most_names;
  for (unsigned i = 0; i < most_names; i++)
    if (memcmp(names[i].address, address, 16) == 0 && names[i].name[0] != '\0') {
      at = i;
      break;
    }
  unsigned turn = atomic_load(&names[at].turn);
  if ((turn & 1) || !atomic_compare_exchange_strong(&names[at].turn, &turn, turn + 1)) return;
  memcpy(names[at].address, address, 16);
  memset(names[at].name, 0, sizeof names[at].name);
  memcpy(names[at].name, name, strlen(name));
  atomic_store(&names[at].turn, turn + 2);
}

static bool recall(const unsigned char address[16], char to[longest_name + 1]) {
  for (unsigned at = 0; at < most_names; at++) {
    unsigned turn = atomic_load(&names[at].turn);
    if ((turn & 1) || memcmp(names[at].address, address, 16) != 0) continue;
    memcpy(to, names[at].name, longest_name + 1);
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load(&names[at].turn) == turn && to[0] != '\0') return true;
  }
  return false;
}

// What could end the first line is no name.
static bool is_plain(const char *name) {
  size_t size = strlen(name);
  return size > 0 && size <= longest_name &&
         strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == size;
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  if (real_getaddrinfo == NULL) return EAI_SYSTEM;
  int status = real_getaddrinfo(node, service, hints, found);
  if (status != 0 || node == NULL || settings.proxy == 0 || !is_plain(node)) return status;
  unsigned char address[16];
  if (inet_pton(AF_INET, node, address) == 1) return status;
  int before = errno;
  uint16_t port;
  for (const struct addrinfo *at = *found; at != NULL; at = at->ai_next)
    if (read_address(at->ai_addr, at->ai_addrlen, address, &port)) remember(address, node);
  errno = before;
  return status;
}

static size_t write_preface(char *to, size_t room, const unsigned char address[16], uint16_t port) {
  char host[longest_name + 1 + 2];
  if (!recall(address, host)) {
    if (is_mapped(address)) inet_ntop(AF_INET, address + 12, host, sizeof host);
    else {
      char digits[INET6_ADDRSTRLEN];
      inet_ntop(AF_INET6, address, digits, sizeof digits);
      snprintf(host, sizeof host, "[%s]", digits);
    }
  }
  int size = snprintf(to, room,
                      "CONNECT %s:%u HTTP/1.1\r\nHost: %s:%u\r\nProxy-Authorization: Basic %s\r\nX-Holdpoint: silent\r\n\r\n",
                      host, port, host, port, settings.login);
  return size < 0 || (size_t)size >= room ? 0 : (size_t)size;
}

// A socket of IPv6 reaches it by the address that stands for one of IPv4 there.
static int connect_to_proxy(int descriptor, int family) {
  struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(settings.proxy)};
  in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (family == AF_INET) return plain_connect(descriptor, (struct sockaddr *)&in, sizeof in);
  struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(settings.proxy)};
  memcpy(&in6.sin6_addr, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\1", 16);
  setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &(int){0}, sizeof(int));
  return plain_connect(descriptor, (struct sockaddr *)&in6, sizeof in6);
}

static int wait_until_connected(int descriptor) {
  struct pollfd wanted = {.fd = descriptor, .events = POLLOUT};
  int ready;
  do ready = poll(&wanted, 1, patience);
  while (ready < 0 && errno == EINTR);
  if (ready < 0) return errno;
  if (ready == 0) return ETIMEDOUT;
  int failure = 0;
  socklen_t size = sizeof failure;
  if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) < 0) return errno;
  return failure;
}

static int fail(int why) {
  errno = why;
  return -1;
}

static bool is_watched(const unsigned char address[16], uint16_t port) {
  if (settings.is_confined) return !(is_near(address) && port == settings.proxy);
  return is_near(address) ? has_port(settings.near, settings.nears, port) : has_port(settings.far, settings.fars, port);
}

// `\c "host=/var/run/postgresql"`
static bool is_closed_socket(const struct sockaddr *address, socklen_t size) {
  static const char mark[] = ".s.PGSQL.";
  if (!settings.is_confined || address == NULL || size < sizeof address->sa_family || address->sa_family != AF_UNIX)
    return false;
  return memmem(address, size, mark, sizeof mark - 1) != NULL;
}

static int get_option(int descriptor, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  return getsockopt(descriptor, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

static bool is_connected(int descriptor) {
  struct sockaddr_storage peer;
  socklen_t size = sizeof peer;
  return getpeername(descriptor, (struct sockaddr *)&peer, &size) == 0;
}

int connect(int descriptor, const struct sockaddr *address, socklen_t size) {
  unsigned char to[16];
  uint16_t port;
  int before = errno;
  if (settings.proxy == 0) return plain_connect(descriptor, address, size);
  if (is_closed_socket(address, size)) return fail(ECONNREFUSED);
  if (!read_address(address, size, to, &port) || get_option(descriptor, SO_TYPE) != SOCK_STREAM ||
      !is_watched(to, port)) {
    errno = before;
    return plain_connect(descriptor, address, size);
  }
  // SCTP and Multipath TCP have sockets of this type, too; the second may well go by the proxy.
  int family = get_option(descriptor, SO_DOMAIN);
  if ((family != AF_INET && family != AF_INET6) || address->sa_family != (sa_family_t)family) {
    errno = before;
    return plain_connect(descriptor, address, size);
  }
  // Asked again while it was on its way, or after it was there: the preface goes out once.
  if (is_connected(descriptor)) return fail(EISCONN);
  char preface[2 * longest_name + longest_login + 256];
  size_t length = write_preface(preface, sizeof preface, to, port);
  if (length == 0) return fail(ECONNREFUSED);
  if (connect_to_proxy(descriptor, family) != 0) {
    if (errno != EINPROGRESS && errno != EINTR) return -1;
    int failure = wait_until_connected(descriptor);
    if (failure != 0) return fail(failure);
  }
  if (send(descriptor, preface, length, MSG_NOSIGNAL) != (ssize_t)length) {
    shutdown(descriptor, SHUT_RDWR);
    return fail(ECONNREFUSED);
  }
  errno = before;
  return 0;
}
