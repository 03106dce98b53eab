/*
 * The mounts of `inside`. Folders are opened first and named by their descriptors (/proc/self/fd/N): the options of an overlay
 * are one text in which "," ":" and "\" mean something, and between a look and a mount no other folder can take a name.
 */
#define _GNU_SOURCE
#include "inside.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { MOST_LAYERS = 100, NAME_SIZE = 32 };

struct layer {
  int fd;
  char name[NAME_SIZE];
};

static void lock_settings(void);
static void lock_devices(void);
static void make_read_only(const char *path, unsigned long flags);
static struct layer open_layer(const char *step, const char *path);
static void mount_layers(const char *step, const char *path, const struct layer *target, unsigned long flags, const char *options);
static void refuse_mounts_below(const char *step, const struct layer *layer, const char *path);
static void unescape(char *path);

/*
 * Not only for what is added here. For a plain user bubblewrap ends in a user namespace below the one that its mounts belong
 * to, where nothing may be mounted. A copy belongs to this one, and what was there before is locked in it: none can be taken
 * away or looked under. And private: what is mounted outside later would come in as it is, writable and unhidden.
 */
void own_mounts(void) {
  if (unshare(CLONE_NEWNS) != 0) fail_errno("unshare", "mounts");
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail_errno("private", "/");
  if (geteuid() != 0) return;
  lock_settings();
  lock_devices();
}

/*
 * Root owns the machine's settings, and needs no capability to write what it owns: a line in /proc/sys/kernel/core_pattern is a
 * program that the kernel runs outside. Bubblewrap looks only whether the folders themselves can be written. All that is not a
 * process's becomes read-only; and the kernel then lets nobody mount another /proc in here. Not for plain users: their own
 * sandboxes need one, and they may write none of it.
 */
static void lock_settings(void) {
  DIR *proc = opendir("/proc");
  if (!proc) fail_errno("lock", "/proc");
  for (const struct dirent *entry; (entry = readdir(proc));) {
    char path[NAME_MAX + 8];
    struct stat is;
    const char *name = entry->d_name;
    if (*name == '.' || (*name >= '0' && *name <= '9')) continue;
    snprintf(path, sizeof path, "/proc/%s", name);
    if (lstat(path, &is) != 0) fail_errno("lock", path);
    if (!S_ISDIR(is.st_mode) && (!S_ISREG(is.st_mode) || !(is.st_mode & 0222))) continue;
    make_read_only(path, MS_NOSUID | MS_NODEV | MS_NOEXEC);
  }
  closedir(proc);
}

/* The machine's own, as bubblewrap binds them: root owns them, and `chmod 0 /dev/null` would be for all of the machine. */
static void lock_devices(void) {
  static const char *const names[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/console"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct statvfs of;
    if (statvfs(names[i], &of) == 0) make_read_only(names[i], of.f_flag & (ST_NOSUID | ST_NOEXEC));
  }
}

static void make_read_only(const char *path, unsigned long flags) {
  if (mount(path, path, NULL, MS_BIND, NULL) != 0 || mount(NULL, path, NULL, flags | MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) != 0)
    fail_errno("lock", path);
}

/* In memory: on a disk each link takes as long as a start of this. */
void mount_links(const char *folder, const char *bin, char *const *names, int count) {
  static const char step[] = "links";
  struct layer on = open_layer(step, folder);
  char options[64], target[PATH_MAX];
  snprintf(options, sizeof options, "mode=755,size=4m,nr_inodes=%d", count + 2);
  if (mount("tmpfs", on.name, "tmpfs", MS_NOSUID | MS_NODEV, options) != 0) fail_errno(step, folder);
  close(on.fd);
  struct layer full = open_layer(step, folder);
  for (int i = 0; i < count; i++) {
    if (!*names[i] || strchr(names[i], '/')) fail(step, names[i], "not a name");
    int size = snprintf(target, sizeof target, "%s/%s", bin, names[i]);
    if (size < 0 || (size_t)size >= sizeof target) fail(step, names[i], "its path is too long");
    if (symlinkat(target, full.fd, names[i]) != 0) fail_errno(step, names[i]);
  }
  if (mount(NULL, full.name, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) != 0) fail_errno(step, folder);
  close(full.fd);
}

void mount_overlay(const char *target, char *const *lowers, int count) {
  struct layer on = open_layer("overlay", target);
  char options[MOST_LAYERS * NAME_SIZE], *at = options;
  if (count > MOST_LAYERS - 2) fail("overlay", target, "too many folders");
  at += sprintf(at, "userxattr,lowerdir=");
  int fds[MOST_LAYERS];
  for (int i = 0; i < count; i++) {
    struct layer lower = open_layer("overlay", lowers[i]);
    refuse_mounts_below("overlay", &lower, lowers[i]);
    at += sprintf(at, "%s%s", i ? ":" : "", lower.name);
    fds[i] = lower.fd;
  }
  mount_layers("overlay", target, &on, MS_RDONLY, options);
  for (int i = 0; i < count; i++) close(fds[i]);
}

void mount_scratch(const char *target, const char *lower, const char *upper, const char *work) {
  char options[4 * NAME_SIZE + 64];
  struct layer on = open_layer("scratch", target), below = open_layer("scratch", lower);
  struct layer above = open_layer("scratch", upper), room = open_layer("scratch", work);
  refuse_mounts_below("scratch", &below, lower);
  snprintf(options, sizeof options, "userxattr,lowerdir=%s,upperdir=%s,workdir=%s", below.name, above.name, room.name);
  mount_layers("scratch", target, &on, 0, options);
  close(below.fd), close(above.fd), close(room.fd);
}

void mount_cover(const char *folder) {
  struct layer on = open_layer("cover", folder);
  if (mount("tmpfs", on.name, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=000,size=4k") != 0)
    fail_errno("cover", folder);
  close(on.fd);
}

/* A socket comes and goes with who listens: bubblewrap would end where one has just gone. */
void mount_shut(const char *socket) {
  struct layer on = {.fd = open(socket, O_PATH | O_NOFOLLOW | O_CLOEXEC)};
  if (on.fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES)) return;
  if (on.fd < 0) fail_errno("shut", socket);
  snprintf(on.name, sizeof on.name, "/proc/self/fd/%d", on.fd);
  if (mount("/dev/null", on.name, NULL, MS_BIND, NULL) != 0 && errno != ENOENT) fail_errno("shut", socket);
  close(on.fd);
}

static struct layer open_layer(const char *step, const char *path) {
  struct layer layer = {.fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)};
  if (layer.fd < 0) fail_errno(step, path);
  snprintf(layer.name, sizeof layer.name, "/proc/self/fd/%d", layer.fd);
  return layer;
}

static void mount_layers(const char *step, const char *path, const struct layer *target, unsigned long flags, const char *options) {
  if (mount("overlay", target->name, "overlay", flags | MS_NOSUID | MS_NODEV, options) != 0) fail_errno(step, path);
  close(target->fd);
}

/*
 * A layer is one file system: in it, a folder that something is mounted on shows what lies under that mount, and what the
 * plan hides there would be seen. The kernel refuses that only for mounts that came from outside.
 */
static void refuse_mounts_below(const char *step, const struct layer *layer, const char *path) {
  char real[PATH_MAX], *line = NULL;
  size_t room = 0;
  ssize_t length = readlink(layer->name, real, sizeof real - 1);
  if (length < 0) fail_errno(step, path);
  real[length] = 0;
  if (length == 1) length = 0; /* "/" */
  FILE *mounts = fopen("/proc/self/mountinfo", "re");
  if (!mounts) fail_errno(step, "/proc/self/mountinfo");
  while (getline(&line, &room, mounts) > 0) {
    char *point = line;
    for (int field = 0; field < 4 && point; field++) point = strchr(point, ' ') ? strchr(point, ' ') + 1 : NULL;
    if (!point) fail(step, path, "/proc/self/mountinfo is unreadable");
    point[strcspn(point, " ")] = 0;
    unescape(point);
    if (strncmp(point, real, (size_t)length) == 0 && point[length] == '/' && point[length + 1])
      fail(step, path, "something is mounted in it");
  }
  if (ferror(mounts)) fail_errno(step, "/proc/self/mountinfo");
  free(line);
  fclose(mounts);
}

/* Blanks, tabs, line breaks and "\" stand there as "\040" and the like. */
static void unescape(char *path) {
  char *to = path;
  for (const char *from = path; *from; from++) {
    if (from[0] == '\\' && from[1] && from[2] && from[3]) {
      *to++ = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
      from += 3;
    } else *to++ = *from;
  }
  *to = 0;
}
