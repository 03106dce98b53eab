// The names of addresses, for shims/reach.c.
#include "reach.h"
#include <netinet/in.h>
#include <stdatomic.h>
#include <string.h>
#include <strings.h>

enum { most_names = 256, most_made_up = 1 << 17 };

// Names by the address that they were found to have. Connecting may happen in a signal handler, or between fork and exec while
// another thread was writing: nobody ever waits, and an entry that is being written is one that is not there.
static struct {
  atomic_uint turn;  // odd: being written
  ip_address address;
  char name[longest_name + 1];
} names[most_names];
static atomic_uint next_name;
static atomic_uint next_made_up;

bool read_address(const struct sockaddr *address, socklen_t size, ip_address to, uint16_t *port) {
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

bool is_mapped(const ip_address address) {
  return memcmp(address, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0;
}

bool is_near(const ip_address address) {
  if (is_mapped(address)) return address[12] == 127 || memcmp(address + 12, "\0\0\0\0", 4) == 0;
  return memcmp(address, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 15) == 0 && address[15] <= 1;
}

// 198.18.0.0/15 is for measurements (RFC 2544): no host on the internet has one of these.
bool is_made_up(const ip_address address) {
  return is_mapped(address) && address[12] == 198 && (address[13] & 0xfe) == 18;
}

bool is_plain(const char *name) {
  size_t size = strlen(name);
  return size > 0 && size <= longest_name &&
         strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == size;
}

void remember(const ip_address address, const char *name) {
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

// False where it is being written meanwhile.
static bool read_entry(unsigned at, ip_address address, char name[longest_name + 1]) {
  unsigned turn = atomic_load(&names[at].turn);
  if (turn & 1) return false;
  memcpy(address, names[at].address, 16);
  memcpy(name, names[at].name, longest_name + 1);
  atomic_thread_fence(memory_order_seq_cst);
  return atomic_load(&names[at].turn) == turn && name[0] != '\0';
}

bool recall(const ip_address address, char to[longest_name + 1]) {
  for (unsigned at = 0; at < most_names; at++) {
    ip_address found;
    if (memcmp(names[at].address, address, 16) == 0 && read_entry(at, found, to) && memcmp(found, address, 16) == 0)
      return true;
  }
  return false;
}

void make_up(const char *name, ip_address to) {
  char found[longest_name + 1];
  for (unsigned at = 0; at < most_names; at++)
    if (read_entry(at, to, found) && is_made_up(to) && strcasecmp(found, name) == 0) return;
  // In turn: one that a program still holds stands for another name only after all the others.
  unsigned number = atomic_fetch_add(&next_made_up, 1) % most_made_up;
  memcpy(to, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  to[12] = 198;
  to[13] = (unsigned char)(18 + (number >> 16));
  to[14] = (unsigned char)(number >> 8);
  to[15] = (unsigned char)number;
  remember(to, name);
}
