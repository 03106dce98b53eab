/* Who is left of a session, and the words in which the steward says so. */
#define _GNU_SOURCE
#include "steward.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_of(const char *pid, const char *session);
static char *read_all(int from, size_t *size);

/* Every process of the machine is looked at. One that is gone already, or is somebody else's, is none of the session's. */
int find_left(const char *session, struct words *left) {
  DIR *folder = opendir("/proc");
  if (folder == NULL) return 0;
  int is_proc = 0;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    if (strcmp(entry->d_name, "self") == 0) is_proc = 1;
    if (isdigit((unsigned char)entry->d_name[0]) && is_of(entry->d_name, session)) add_word(left, entry->d_name);
  }
  closedir(folder);
  errno = ENOSYS; /* a folder of that name tells nothing */
  return is_proc;
}

/* The first variable of that name counts. */
static int is_of(const char *pid, const char *session) {
  static const char variable[] = "HOLDPOINT_SESSION=";
  char path[300];
  size_t size = 0;
  snprintf(path, sizeof path, "/proc/%s/environ", pid);
  int from = open(path, O_RDONLY | O_CLOEXEC);
  if (from < 0) return 0;
  char *text = read_all(from, &size), *end = text + size;
  close(from);
  for (char *at = text; at != NULL && at < end; at++) {
    at = memmem(at, (size_t)(end - at), variable, sizeof variable - 1);
    if (at == NULL) break;
    if (at == text || at[-1] == 0) return strcmp(at + sizeof variable - 1, session) == 0;
  }
  return 0;
}

/* NUL-ended, in a buffer that stays. NULL without memory. */
static char *read_all(int from, size_t *size) {
  static char *text;
  static size_t room;
  for (*size = 0;;) {
    if (*size + 1 >= room) {
      char *more = realloc(text, room + 32768);
      if (more == NULL) return *size = 0, NULL;
      text = more;
      room += 32768;
    }
    ssize_t some = read(from, text + *size, room - *size - 1);
    if (some <= 0) return text[*size] = 0, text;
    *size += (size_t)some;
  }
}

void add_word(struct words *words, const char *word) {
  size_t size = strlen(word) + 1;
  if (words->size + size + 1 > words->room) {
    char *more = realloc(words->text, words->room = 2 * words->room + size + 1);
    if (more == NULL) abort(); /* the broker sees that its steward is gone */
    words->text = more;
  }
  memcpy(words->text + words->size, word, size);
  words->size += size;
}

void send_words(int to, struct words *words) {
  words->text[words->size++] = 0;
  for (size_t at = 0; at < words->size;) {
    ssize_t some = write(to, words->text + at, words->size - at);
    if (some < 0 && errno == EINTR) continue;
    if (some <= 0) return;
    at += (size_t)some;
  }
}
