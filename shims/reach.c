// Preloaded into every dynamically linked program of a session with --net (LD_PRELOAD): what connects to a port that the session
// watches is connected to the session's proxy, which is told in a first line where to. It decides nothing: what the proxy
// passes on is the broker's to say, and where the proxy is gone nothing is reached.
//
// HOLDPOINT_REACH is "PROXYPORT LOGIN PORT,PORT… PORT,PORT… [inside] [only]": the login in base64, ports of other machines, ports of this one.
// inside: a sandbox whose one way out is the proxy. Every port of other machines, and names that nobody there can look up get an
// address. only: every port of both, and no socket of PostgreSQL, for a psql that was let run because each of its statements comes by.
#define _GNU_SOURCE
#include "reach.h"
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { most_ports = 64, longest_login = 512, patience = 1000 };

#define VISIBLE __attribute__((visibility("default")))

// Written once, before main: programs may change their environment while other threads connect.
static struct {
  uint16_t proxy;
  char login[longest_login];
  uint16_t far[most_ports], near[most_ports];
  size_t fars, nears;
  bool is_inside, is_confined;
} settings;

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
  const char *words = near + near_size;
  static const char inside[] = " inside";
  settings.is_inside = strncmp(words, inside, sizeof inside - 1) == 0;
  if (settings.is_inside) words += sizeof inside - 1;
  settings.is_confined = strcmp(words, " only") == 0;
  settings.proxy = (uint16_t)proxy;
}

static int plain_connect(int descriptor, const struct sockaddr *address, socklen_t size) {
  if (real_connect != NULL) return real_connect(descriptor, address, size);
  return (int)syscall(SYS_connect, descriptor, address, size);
}

static bool has_port(const uint16_t *ports, size_t count, uint16_t port) {
  for (size_t at = 0; at < count; at++)
    if (ports[at] == port) return true;
  return false;
}

static bool is_numeric(const char *node) {
  ip_address address;
  return inet_pton(AF_INET, node, address) == 1 || inet_pton(AF_INET6, node, address) == 1;
}

// Of another machine, or of an address that is asked for in a way (AI_ADDRCONFIG) which finds none where only loopback is.
static int answer_name(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  struct addrinfo wanted = {.ai_family = AF_UNSPEC};
  if (hints != NULL) wanted = *hints;
  char digits[INET_ADDRSTRLEN]; // cppcheck-suppress variableScope ; node comes to point to it
  if (!is_numeric(node)) {
    ip_address address;
    if (wanted.ai_flags & AI_NUMERICHOST) return EAI_NONAME;
    make_up(node, address);
    node = inet_ntop(AF_INET, address + 12, digits, sizeof digits);
  }
  wanted.ai_flags = (wanted.ai_flags & ~AI_ADDRCONFIG) | AI_NUMERICHOST;
  return real_getaddrinfo(node, service, &wanted, found);
}

VISIBLE int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  if (real_getaddrinfo == NULL) return EAI_SYSTEM;
  int status = real_getaddrinfo(node, service, hints, found);
  if (node == NULL || settings.proxy == 0 || !is_plain(node)) return status;
  int before = errno;
  if (status != 0) {
    if (!settings.is_inside || answer_name(node, service, hints, found) != 0) {
      errno = before;
      return status;
    }
  } else if (!is_numeric(node)) {
    ip_address address;
    uint16_t port;
    for (const struct addrinfo *at = *found; at != NULL; at = at->ai_next)
      if (read_address(at->ai_addr, at->ai_addrlen, address, &port)) remember(address, node);
  }
  errno = before;
  return 0;
}

static size_t write_preface(char *to, size_t room, const ip_address address, uint16_t port) {
  char host[longest_name + 1 + 2];
  if (!recall(address, host)) {
    if (settings.is_inside && is_made_up(address)) return 0;
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

static bool is_watched(const ip_address address, uint16_t port) {
  if (settings.is_confined) return !(is_near(address) && port == settings.proxy);
  if (settings.is_inside && !is_near(address)) return true;
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

VISIBLE int connect(int descriptor, const struct sockaddr *address, socklen_t size) {
  ip_address to;
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
