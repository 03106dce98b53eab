/*
 * pump FINALS: passes on what comes out of the relay's inner terminal, for as long as nothing is to come between.
 *
 * It knows no modes. Text and plain control sequences (plain.c; FINALS are those letters whose meaning the relay follows) go to
 * the human's terminal and are forgotten; of all else it sends the relay a copy, and reads on only when the relay has said
 * whether the copy ended within a sequence. So the relay knows at any time what the terminal was told, and when it wants the
 * terminal back it gets what is not written yet.
 *
 * Descriptor 3 is the relay, 4 the outer end of the inner terminal, 5 the human's terminal. From the relay come orders of five
 * bytes, a letter and a number: `g` go, `k` the copy is read (how many bytes at its end begin something; for `g`, whether any
 * do), `s` stop. To it go a letter, a length, and so many bytes: `n` a copy, from outside of any sequence, `m` a copy that goes on
 * where the last one ended, `s` stopped, with what is left to be written. Numbers have four bytes, the highest first.
 */
#define _GNU_SOURCE
#include "plain.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { relay = 3, inner = 4, shared = 5 };
enum { gathered = 32768 };

/* What the last chunk broke off in, and behind it the chunk. */
static unsigned char bytes[longest_tail + gathered];
static unsigned char *const chunk = bytes + longest_tail;
static size_t tail, size;
static unsigned char *unwritten = bytes + longest_tail; /* to the end of the chunk */
static size_t told;                                     /* bytes of the copy that the relay has not read yet */
static int is_running, is_inside;
static int outer;
static const char *finals;

static void prepare(void);
static void obey(void);
static void take(void);
static void look(void);
static void keep(size_t begun);
static int flush(void);
static size_t left(void);
static void stop(void);
static void forget(void);
static void tell(char letter, const unsigned char *from, size_t length);
static void send_all(const unsigned char *from, size_t length);

int main(int argc, char **argv) {
  if (argc != 2) {
    fputs("holdpoint: this program is started by the relay\n", stderr);
    return 126;
  }
  finals = argv[1];
  prepare();
  for (;;) {
    int is_written = unwritten == chunk + size;
    struct pollfd ready[] = {
        {.fd = relay, .events = POLLIN},
        {.fd = is_running && !told && is_written ? inner : -1, .events = POLLIN},
        {.fd = is_running && !is_written ? outer : -1, .events = POLLOUT},
    };
    if (poll(ready, sizeof ready / sizeof *ready, -1) < 0 && errno != EINTR) return 126;
    if (ready[0].revents) obey();
    else if (ready[1].revents) take();
    else if (ready[2].revents && flush() < 0) stop();
  }
}

static void prepare(void) {
  /* For the group that the relay is in; it ends us by closing its end. */
  static const int passed_over[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU};
  for (size_t i = 0; i < sizeof passed_over / sizeof *passed_over; i++) signal(passed_over[i], SIG_IGN);
  /* Opened anew, the mode that does not wait is ours alone, and not set for all who share the terminal. */
  outer = open("/dev/fd/5", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  int flags = fcntl(inner, F_GETFL);
  if (outer < 0 || flags < 0 || fcntl(inner, F_SETFL, flags | O_NONBLOCK) < 0) exit(126);
  close(shared);
}

static void obey(void) {
  unsigned char order[5];
  uint32_t number;
  if (recv(relay, order, sizeof order, MSG_WAITALL) != sizeof order) exit(0); /* the relay is gone */
  memcpy(&number, order + 1, sizeof number);
  number = ntohl(number);
  if (*order == 's') {
    if (is_running) stop();
  } else if (*order == 'g') {
    is_running = 1;
    is_inside = number > 0;
    forget();
  } else if (told) {
    is_inside = number > told || number > longest_tail;
    keep(is_inside ? 0 : number);
    told = 0;
  }
}

static void take(void) {
  ssize_t some = 0;
  for (size = 0; size < gathered; size += (size_t)some)
    if ((some = read(inner, chunk + size, gathered - size)) <= 0) break;
  unwritten = chunk;
  if (size == 0) {
    if (some == 0 || (errno != EAGAIN && errno != EINTR)) stop();
    return;
  }
  int failed = flush();
  look();
  if (failed) stop();
}

/* What the terminal has just been told: is it for the relay to know? */
static void look(void) {
  int begun = is_inside ? -1 : plain_tail(chunk - tail, tail + size, finals);
  if (begun >= 0) {
    keep((size_t)begun);
    return;
  }
  told = tail + size;
  tell(is_inside ? 'm' : 'n', chunk - tail, told);
}

/* Of the tail and the chunk behind it, the last bytes become the tail of the next. */
static void keep(size_t begun) {
  memmove(chunk - begun, chunk + size - begun, begun);
  tail = begun;
}

static size_t left(void) { return (size_t)(chunk + size - unwritten); }

/* -1: the terminal takes no more, ever. */
static int flush(void) {
  ssize_t some = write(outer, unwritten, left());
  if (some < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
  unwritten += some;
  return 0;
}

static void stop(void) {
  if (!told && !is_inside) tell('n', chunk - tail, tail);
  tell('s', unwritten, left());
  is_running = 0;
  forget();
}

static void forget(void) {
  tail = size = told = 0;
  unwritten = chunk;
}

/* Sends all of it, however long the relay takes to read. */
static void tell(char letter, const unsigned char *from, size_t length) {
  unsigned char head[5] = {(unsigned char)letter};
  uint32_t number = htonl((uint32_t)length);
  memcpy(head + 1, &number, sizeof number);
  send_all(head, sizeof head);
  send_all(from, length);
}

static void send_all(const unsigned char *from, size_t length) {
  while (length > 0) {
    ssize_t some = write(relay, from, length);
    if (some < 0 && errno != EINTR) exit(0); /* the relay is gone */
    if (some > 0) from += some, length -= (size_t)some;
  }
}
