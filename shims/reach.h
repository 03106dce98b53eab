// Addresses and their names, as shims/reach.c knows them.
#ifndef HOLDPOINT_REACH_H
#define HOLDPOINT_REACH_H
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum { longest_name = 255 };

// As IPv6 writes every address.
typedef unsigned char ip_address[16];

// False where it is of neither kind.
bool read_address(const struct sockaddr *address, socklen_t size, ip_address to, uint16_t *port);

bool is_mapped(const ip_address address);

// This machine's own: 0.0.0.0 and :: are, too.
bool is_near(const ip_address address);

// One that was made up for a name.
bool is_made_up(const ip_address address);

// What could end the first line to the proxy is no name.
bool is_plain(const char *name);

void remember(const ip_address address, const char *name);

bool recall(const ip_address address, char to[longest_name + 1]);

// An address for a name that nobody here can look up: the same again as long as it is remembered.
void make_up(const char *name, ip_address to);
#endif
