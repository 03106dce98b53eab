/*
 * A terminal's shell. `holdpoint init` installs it under the names of shells (bash, zsh, fish, sh) beside a file `start` of two
 * lines, the Node and the holdpoint.js to start: it hands them its name and its words, and they open a session around the
 * real shell of that name. It decides nothing, so every failure ends the same way: one line, status 126, no shell.
 *
 * In the package it is called `shell` and does the way back: `shell PROGRAM WORD…` executes PROGRAM with these words as
 * its argv, argv[0] included. Node cannot give a program in a pseudo-terminal an argv[0] ("-bash": a login shell), nor bytes
 * that are no UTF-8. A word travels as "=" and its text, or as "%" and its bytes in hexadecimal.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#else
#include <sys/auxv.h>
#endif

static char *own_path(void);
static void read_start(const char *folder, char **node, char **script);
static void hide_node_options(void);
static char *encode(const char *word);
static char *decode(char *word);
static int digit(char of);
static void *take(size_t size);
static _Noreturn void execute(int argc, char **argv);
static _Noreturn void fail(const char *what, const char *why, const char *remedy);

static const char *const again = "run `holdpoint init shell --yes` again";

int main(int argc, char **argv) {
  char *folder = own_path(), *name = strrchr(folder, '/');
  if (!name) fail("cannot find its own program", folder, again);
  *name++ = 0;
  if (strcmp(name, "shell") == 0) execute(argc, argv);

  char *node, *script;
  read_start(folder, &node, &script);
  char **words = take(((size_t)argc + 6) * sizeof *words);
  size_t at = 0;
  words[at++] = node, words[at++] = script;
  words[at++] = (char *)(uintptr_t)"shell", words[at++] = name;
  if (argc == 0) words[at++] = encode(name);
  for (int i = 0; i < argc; i++) words[at++] = encode(argv[i]);
  words[at] = NULL;
  /* Node itself would end with a page of its own words. */
  if (access(script, R_OK) < 0) fail(script, strerror(errno), again);
  hide_node_options();
  execv(node, words);
  fail(node, strerror(errno), again);
}

static char *own_path(void) {
  static char path[PATH_MAX];
#ifdef __APPLE__
  char raw[PATH_MAX];
  uint32_t size = sizeof raw;
  if (_NSGetExecutablePath(raw, &size) != 0 || !realpath(raw, path)) path[0] = 0;
#else
  ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
  const char *started = (const char *)(uintptr_t)getauxval(AT_EXECFN); /* without /proc: what execve() was given */
  if (n < 0 && (!started || !realpath(started, path))) n = 0;
  if (n >= 0) path[n] = 0;
#endif
  return path;
}

static void read_start(const char *folder, char **node, char **script) {
  static char path[PATH_MAX + 8], text[2 * PATH_MAX];
  snprintf(path, sizeof path, "%s/start", folder);
  FILE *file = fopen(path, "r");
  if (!file) fail(path, strerror(errno), again);
  size_t size = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[size] = 0;
  char *end = strchr(text, '\n'), *last = end ? strchr(end + 1, '\n') : NULL;
  if (!last || text[0] != '/' || end[1] != '/') fail(path, "is not what was written there", again);
  *end = *last = 0;
  *node = text;
  *script = end + 1;
}

/* They are for the user's own programs: a debugger that attaches to every Node would hold the guard. */
static void hide_node_options(void) {
  const char *options = getenv("NODE_OPTIONS");
  unsetenv("HOLDPOINT_NODE_OPTIONS");
  if (!options) return;
  if (setenv("HOLDPOINT_NODE_OPTIONS", options, 1) < 0) fail("NODE_OPTIONS", strerror(errno), "");
  unsetenv("NODE_OPTIONS");
}

static char *encode(const char *word) {
  size_t size = strlen(word), at = 0;
  while (at < size && (unsigned char)word[at] < 0x80) at++;
  char *coded = take(2 * size + 2), *to = coded;
  if (at == size) {
    *to++ = '=';
    memcpy(to, word, size + 1);
    return coded;
  }
  *to++ = '%';
  for (at = 0; at < size; at++) to += sprintf(to, "%02x", (unsigned char)word[at]);
  return coded;
}

static char *decode(char *word) {
  if (*word == '=') return word + 1;
  if (*word != '%') fail("a word for a shell", "is not readable", "");
  char *to = word; /* what is read is always ahead of it */
  for (const char *at = word + 1; *at; at += 2) {
    int high = digit(at[0]), low = digit(at[1]);
    if (high < 0 || low < 0 || high + low == 0) fail("a word for a shell", "is not readable", "");
    *to++ = (char)(16 * high + low);
  }
  *to = 0;
  return word;
}

/* -1 for what is none, as the end of the word. */
static int digit(char of) {
  const char *digits = "0123456789abcdef", *at = of ? strchr(digits, of) : NULL;
  return at ? (int)(at - digits) : -1;
}

static _Noreturn void execute(int argc, char **argv) {
  if (argc < 3) fail("shell PROGRAM WORD…", "is not meant to be started by hand", "");
  char *program = argv[1];
  for (int i = 2; i < argc; i++) argv[i] = decode(argv[i]);
  execvp(program, argv + 2);
  int error = errno;
  fprintf(stderr, "holdpoint: %s: %s\n", program, strerror(error));
  _exit(error == ENOENT ? 127 : 126);
}

static void *take(size_t size) {
  void *memory = malloc(size);
  if (!memory) fail("out of memory", "", "");
  return memory;
}

/* A window that closes at once would take the line along: at a terminal it waits for a key, a minute at most. */
static _Noreturn void fail(const char *what, const char *why, const char *remedy) {
  fprintf(stderr, "holdpoint: no shell was started: %s: %s%s%s\n", what, why, *remedy ? "; " : "", remedy);
  if (isatty(0) && isatty(2)) {
    fprintf(stderr, "(Enter closes this)\n");
    poll(&(struct pollfd){.fd = 0, .events = POLLIN}, 1, 60000);
  }
  _exit(126);
}
