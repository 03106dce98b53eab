// Connects the way programs do, and says how it went: KIND (4, 6, 4n, 6n: n for a socket that does not wait; u: UDP; p: by a path), HOST or
// path, PORT. Threads do so all at once with KIND t.
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int try_all(const char *kind, const char *host, const char *port) {
  struct addrinfo hints = {.ai_family = kind[0] == '6' ? AF_INET6 : AF_INET, .ai_socktype = kind[0] == 'u' ? SOCK_DGRAM : SOCK_STREAM};
  struct addrinfo *found;
  if (getaddrinfo(host, port, &hints, &found) != 0) return -2;
  int type = found->ai_socktype | (kind[1] == 'n' ? SOCK_NONBLOCK : 0);
  int descriptor = socket(found->ai_family, type, 0);
  int status = connect(descriptor, found->ai_addr, found->ai_addrlen);
  if (status != 0 && errno == EINPROGRESS) {
    struct pollfd wanted = {.fd = descriptor, .events = POLLOUT};
    poll(&wanted, 1, 2000);
    status = connect(descriptor, found->ai_addr, found->ai_addrlen);
  }
  int why = status == 0 ? 0 : errno;
  // A second time on a socket that is there is an error of its own, and sends nothing.
  if (why == 0 && type == SOCK_STREAM && connect(descriptor, found->ai_addr, found->ai_addrlen) == 0) why = -1;
  freeaddrinfo(found);
  char byte;
  if (why == 0 && kind[0] != 'u') {
    if (send(descriptor, "own words\n", 10, MSG_NOSIGNAL) != 10) why = errno;
    struct pollfd wanted = {.fd = descriptor, .events = POLLIN};
    poll(&wanted, 1, 5000);
    if (why == 0 && recv(descriptor, &byte, 1, 0) != 1) why = -3;
  }
  close(descriptor);
  return why;
}

static const char **words;

static void *run(void *unused) {
  (void)unused;
  long bad = 0;
  for (int i = 0; i < 20; i++) bad += try_all("4", words[2], words[3]) != 0;
  return (void *)bad;
}

int main(int count, const char **given) {
  words = given;
  if (count != 4) return 2;
  if (given[1][0] == 'p') {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, given[2], sizeof address.sun_path - 1);
    int status = connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address);
    puts(status == 0 ? "connected" : strerrorname_np(errno));
    return 0;
  }
  if (given[1][0] == 't') {
    pthread_t threads[8];
    long bad = 0;
    for (int i = 0; i < 8; i++) pthread_create(&threads[i], NULL, run, NULL);
    for (int i = 0; i < 8; i++) {
      void *result;
      pthread_join(threads[i], &result);
      bad += (long)result;
    }
    printf("%ld failed\n", bad);
    return 0;
  }
  int why = try_all(given[1], given[2], given[3]);
  puts(why == 0 ? "connected" : why > 0 ? strerrorname_np(why) : "wrong");
  return 0;
}
