/*
 * hop PROGRAM [ARG …]: runs it in a terminal of its own and passes bytes on, and does nothing else. Whoever passes output on
 * through a second terminal can hardly be faster: this is what `npm run bench:relay` holds the relay against.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static char bytes[32768];

static void put(int to, const char *from, ssize_t size) {
  for (ssize_t some; size > 0; from += some, size -= some)
    if ((some = write(to, from, size)) < 0) exit(1);
}

int main(int argc, char **argv) {
  struct termios before, raw;
  if (argc < 2 || tcgetattr(0, &before) < 0) return 126;
  raw = before;
  cfmakeraw(&raw);
  tcsetattr(0, TCSANOW, &raw);
  int inner = posix_openpt(O_RDWR | O_NOCTTY);
  if (inner < 0 || grantpt(inner) < 0 || unlockpt(inner) < 0) return 126;
  pid_t pid = fork();
  if (pid == 0) {
    setsid();
    int terminal = open(ptsname(inner), O_RDWR);
    ioctl(terminal, TIOCSCTTY, 0);
    tcsetattr(terminal, TCSANOW, &before);
    for (int each = 0; each < 3; each++) dup2(terminal, each);
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  struct pollfd ready[] = {{.fd = 0, .events = POLLIN}, {.fd = inner, .events = POLLIN}};
  for (ssize_t size; poll(ready, 2, -1) >= 0;) {
    if (ready[0].revents) {
      if ((size = read(0, bytes, sizeof bytes)) <= 0) break;
      put(inner, bytes, size);
    }
    if (!ready[1].revents) continue;
    if ((size = read(inner, bytes, sizeof bytes)) <= 0) break;
    put(1, bytes, size);
  }
  waitpid(pid, NULL, 0);
  tcsetattr(0, TCSADRAIN, &before);
  return 0;
}
