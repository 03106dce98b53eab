/* Folders of a session: filled, linked, looked through, emptied. */
#define _GNU_SOURCE
#include "steward.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static DIR *open_folder(int above, const char *name, int flags);
static struct dirent *next(DIR *folder);
static int close_folder(DIR *folder, int is_done);
static int copy_bytes(int from, int to);
static int remove_entry(int folder, const char *name);
static int by_name(const void *one, const void *other);
static int link_found(const char *path, char **names, char *is_linked, size_t count, struct words *linked);
static int is_program(int folder, const char *name);

int copy_file(int from_folder, const char *from, int to_folder, const char *to, mode_t mode) {
  struct stat stat;
  int source = openat(from_folder, from, O_RDONLY | O_CLOEXEC);
  if (source < 0) return 0;
  int is_done = 0;
  int target = openat(to_folder, to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (target >= 0) {
    is_done = fstat(source, &stat) == 0 && copy_bytes(source, target) &&
              fchmod(target, mode != 0 ? mode : stat.st_mode & 0777) == 0;
    int why = errno;
    if (close(target) < 0 && is_done) is_done = 0;
    else errno = why;
  }
  int why = errno;
  close(source);
  errno = why;
  return is_done;
}

static int copy_bytes(int from, int to) {
  static char bytes[65536];
  for (;;) {
    ssize_t size = read(from, bytes, sizeof bytes);
    if (size <= 0) return size == 0;
    for (ssize_t at = 0; at < size;) {
      ssize_t some = write(to, bytes + at, (size_t)(size - at));
      if (some < 0) return 0;
      at += some;
    }
  }
}

int copy_folder(const char *from, const char *to) {
  DIR *source = open_folder(AT_FDCWD, from, 0);
  int target = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC), is_done = source != NULL && target >= 0;
  for (struct dirent *entry; is_done && (entry = next(source)) != NULL;) {
    struct stat stat;
    is_done = fstatat(dirfd(source), entry->d_name, &stat, 0) == 0;
    if (is_done && !S_ISDIR(stat.st_mode)) {
      is_done = copy_file(dirfd(source), entry->d_name, target, entry->d_name, 0);
    } else if (is_done) {
      char inner[4096], made[4096];
      snprintf(inner, sizeof inner, "%s/%s", from, entry->d_name);
      snprintf(made, sizeof made, "%s/%s", to, entry->d_name);
      is_done = mkdir(made, 0700) == 0 && copy_folder(inner, made);
    }
  }
  int why = errno;
  if (target >= 0) close(target);
  errno = why;
  return source == NULL ? 0 : close_folder(source, is_done);
}

int empty_folder(int above, const char *name) {
  DIR *folder = open_folder(above, name, O_NOFOLLOW);
  if (folder == NULL) return 0;
  int is_done = 1;
  for (struct dirent *entry; is_done && (entry = next(folder)) != NULL;) is_done = remove_entry(dirfd(folder), entry->d_name);
  return close_folder(folder, is_done);
}

static int remove_entry(int folder, const char *name) {
  if (unlinkat(folder, name, 0) == 0) return 1;
  if (errno != EISDIR && errno != EPERM) return 0; /* POSIX says EPERM for a folder, Linux EISDIR */
  return empty_folder(folder, name) && unlinkat(folder, name, AT_REMOVEDIR) == 0;
}

int link_programs(char **words, size_t count, struct words *linked) {
  size_t folders = 0;
  while (folders < count && words[folders][0] == '/') folders++;
  char **names = words + folders;
  count -= folders;
  char *is_linked = calloc(count + 1, 1);
  int is_done = is_linked != NULL;
  qsort(names, count, sizeof *names, by_name);
  for (size_t at = 0; is_done && at < folders; at++) is_done = link_found(words[at], names, is_linked, count, linked);
  free(is_linked);
  return is_done;
}

/* A folder that is not there, or where this user may not look, is passed over, as a shell does. */
static int link_found(const char *path, char **names, char *is_linked, size_t count, struct words *linked) {
  DIR *folder = open_folder(AT_FDCWD, path, 0);
  if (folder == NULL) return 1;
  int is_done = 1;
  for (struct dirent *entry; is_done && (entry = next(folder)) != NULL;) {
    const char *name = entry->d_name;
    char **found = bsearch(&name, names, count, sizeof *names, by_name), target[4 + sizeof entry->d_name];
    if (found == NULL || is_linked[found - names] || !is_program(dirfd(folder), name)) continue;
    snprintf(target, sizeof target, "bin/%s", name);
    is_done = link("bin/holdpoint-ask", target) == 0 || errno == EEXIST;
    if (!is_done) break;
    is_linked[found - names] = 1;
    add_word(linked, name);
  }
  return close_folder(folder, is_done);
}

static int is_program(int folder, const char *name) {
  struct stat stat;
  return fstatat(folder, name, &stat, 0) == 0 && S_ISREG(stat.st_mode) && (stat.st_mode & 0111) != 0 &&
         faccessat(folder, name, X_OK, 0) == 0;
}

static int by_name(const void *one, const void *other) {
  return strcmp(*(char *const *)one, *(char *const *)other);
}

static DIR *open_folder(int above, const char *name, int flags) {
  int descriptor = openat(above, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
  if (descriptor < 0) return NULL;
  DIR *folder = fdopendir(descriptor);
  if (folder == NULL) {
    int why = errno;
    close(descriptor);
    errno = why;
  }
  return folder;
}

static struct dirent *next(DIR *folder) {
  struct dirent *entry;
  do entry = readdir(folder);
  while (entry != NULL && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
  return entry;
}

static int close_folder(DIR *folder, int is_done) {
  int why = errno;
  closedir(folder);
  errno = why;
  return is_done;
}
