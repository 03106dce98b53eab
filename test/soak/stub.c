// Stands for every program in the cage: notes its words in hex in /trace/log, one line, and becomes the real program where there is one.
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char **argv) {
  size_t room = 2;
  for (int i = 0; i < argc; i++) room += 2 * strlen(argv[i]) + 1;
  char *line = malloc(room), *to = line;
  for (int i = 0; i < argc; i++) {
    if (i > 0) *to++ = ' ';
    for (const unsigned char *from = (unsigned char *)argv[i]; *from; from++)
      *to++ = "0123456789abcdef"[*from >> 4], *to++ = "0123456789abcdef"[*from & 15];
  }
  *to++ = '\n';
  // A script's files are kept small; the log of all scripts is not.
  struct rlimit files, none = {RLIM_INFINITY, RLIM_INFINITY};
  getrlimit(RLIMIT_FSIZE, &files);
  setrlimit(RLIMIT_FSIZE, &none);
  int log = open("/trace/log", O_WRONLY | O_APPEND);
  if (log < 0 || write(log, line, to - line) != to - line) return 125;
  close(log);
  setrlimit(RLIMIT_FSIZE, &files);
  const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];
  char real[256] = "/real/";
  if (strlen(name) < 200) execv(strcat(real, name), argv);
  return 0;
}
