/*
 * Many clients of a session at once, each of which knows what must come back: `clients wire|shim CLIENTS CALLS FOLDER`. One call
 * in sixteen is refused (and its record synced to the disk), the others by turns are harmless, or delete and are allowed. `wire`: speaks the shims' protocol
 * itself; `shim`: starts the very shims. Prints what came out as one line of JSON.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { MOST = 1024, OUTPUT = 8192 };

struct tally {
  long done, wrong, lost;
  double longest;
};
static struct tally *tallies; /* shared: one a client */
static long *least;           /* calls of the slowest when the first had finished; -1 before */
static char bin[4096], sock[4096];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int connect_to_guard(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%.100s", sock);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

static int read_all(int fd, char *to, size_t size) {
  while (size > 0) {
    struct pollfd one = {fd, POLLIN, 0};
    if (poll(&one, 1, 60000) <= 0) return 0;
    ssize_t n = read(fd, to, size);
    if (n <= 0) return 0;
    to += n, size -= (size_t)n;
  }
  return 1;
}

/* The status that the shim would end with; 0 stands for exec, with the program in `output`. -1: no answer came. */
static int ask(char **argv, char *output) {
  static char frame[1 << 20];
  char *at = frame + 4;
  int argc = 0, envc = 0;
  while (argv[argc]) argc++;
  while (environ[envc]) envc++;
  char cwd[4096] = "/";
  if (!getcwd(cwd, sizeof cwd)) return -1;
  at += sprintf(at, "holdpoint/1%ccall%c%s%c%ld%c%ld%c%s%c%s%c%d", 0, 0, argv[0], 0, (long)getpid(), 0, (long)getppid(), 0, cwd, 0,
                "null", 0, argc) + 1;
  for (int i = 0; i < argc; i++) at = stpcpy(at, argv[i]) + 1;
  at += sprintf(at, "%d", envc) + 1;
  for (int i = 0; i < envc; i++) at = stpcpy(at, environ[i]) + 1;
  size_t size = (size_t)(at - frame);
  for (int i = 0; i < 4; i++) frame[i] = (char)((size - 4) >> (24 - 8 * i));
  int fd = connect_to_guard();
  if (fd < 0) return -1;
  for (size_t sent = 0; sent < size;) {
    ssize_t n = write(fd, frame + sent, size - sent);
    if (n <= 0) return close(fd), -1;
    sent += (size_t)n;
  }
  for (;;) {
    unsigned char head[4];
    if (!read_all(fd, (char *)head, 4)) return close(fd), -1;
    size_t length = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    static char body[1 << 20];
    if (length >= sizeof body || !read_all(fd, body, length)) return close(fd), -1;
    body[length] = 0;
    if (strcmp(body, "wait") == 0) continue;
    const char *second = body + strlen(body) + 1;
    int isExec = strcmp(body, "exec") == 0;
    snprintf(output, OUTPUT, "%s", isExec ? second : second + strlen(second) + 1);
    close(fd);
    return isExec ? 0 : atoi(second);
  }
}

/* Starts the shim itself; what it and its program print is the output. */
static int run(char **argv, char *output) {
  char path[8192];
  int ends[2], status;
  pid_t pid;
  size_t got = 0;
  snprintf(path, sizeof path, "%s/%s", bin, argv[0]);
  if (pipe2(ends, O_CLOEXEC) < 0) return -1;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  int failed = posix_spawn(&pid, path, &actions, NULL, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  for (ssize_t n; !failed && got < OUTPUT - 1 && (n = read(ends[0], output + got, OUTPUT - 1 - got)) > 0;) got += (size_t)n;
  output[got] = 0;
  close(ends[0]);
  if (failed || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

static void create(const char *path) { close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)); }

static int call(int wire, const char *folder, int client, long turn, char *output);

/* 1: as it must be; 0: wrong, and said; -1: no answer. */
static int judge(int wire, const char *folder, int client, long turn) {
  char output[OUTPUT] = "";
  int came = call(wire, folder, client, turn, output);
  if (came == 0) fprintf(stderr, "wrong: client %d, turn %ld: %.300s\n", client, turn, output);
  return came;
}

static int call(int wire, const char *folder, int client, long turn, char *output) {
  char one[4096], two[4096];
  char *find[] = {"find", one, NULL}, *refused[] = {"rm", one, two, NULL}, *deleted[] = {"rm", "-f", one, NULL};
  switch (turn % 16 == 15 ? 1 : turn % 2 ? 2 : 0) {
  case 0: {
    snprintf(one, sizeof one, "%s/none/%d-%ld", folder, client, turn);
    int status = wire ? ask(find, output) : run(find, output);
    if (status < 0) return -1;
    return wire ? status == 0 && strstr(output, "/find") : status == 1 && strstr(output, one) && !strstr(output, "holdpoint:");
  }
  case 1: {
    snprintf(one, sizeof one, "%s/keep/%d", folder, client);
    snprintf(two, sizeof two, "%s/none/%d-%ld", folder, client, turn);
    int status = wire ? ask(refused, output) : run(refused, output);
    if (status < 0) return -1;
    return status == 126 && strstr(output, "holdpoint: denied by rule") && strstr(output, one) && access(one, F_OK) == 0;
  }
  default: {
    snprintf(one, sizeof one, "%s/scratch/%d-%ld", folder, client, turn);
    create(one);
    int status = wire ? ask(deleted, output) : run(deleted, output);
    if (status < 0) return -1;
    if (wire) return unlink(one), status == 0 && strstr(output, "/rm");
    return status == 0 && access(one, F_OK) < 0;
  }
  }
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  int wire = strcmp(argv[1], "wire") == 0, clients = atoi(argv[2]);
  long calls = atol(argv[3]);
  const char *folder = argv[4], *path = getenv("PATH");
  if (!path || clients > MOST) return 2;
  snprintf(bin, sizeof bin, "%.*s", (int)strcspn(path, ":"), path);
  snprintf(sock, sizeof sock, "%.*s/sock", (int)(strrchr(bin, '/') - bin), bin);
  signal(SIGPIPE, SIG_IGN);
  tallies = mmap(NULL, sizeof *tallies * MOST + sizeof *least, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (tallies == MAP_FAILED) return 1;
  least = (long *)(void *)(tallies + MOST);
  *least = -1;
  double start = now();
  for (int client = 0; client < clients; client++) {
    if (fork() != 0) continue;
    struct tally *own = &tallies[client];
    long share = calls / clients + (client < calls % clients);
    for (long turn = 0; turn < share; turn++) {
      double before = now();
      int answer = judge(wire, folder, client, turn);
      double took = now() - before;
      own->done += answer > 0, own->wrong += answer == 0, own->lost += answer < 0;
      if (took > own->longest) own->longest = took;
    }
    if (__sync_bool_compare_and_swap(least, -1, 0)) {
      long slowest = own->done;
      for (int i = 0; i < clients; i++)
        if (tallies[i].done < slowest) slowest = tallies[i].done;
      *least = slowest;
    }
    _exit(0);
  }
  while (wait(NULL) > 0) {}
  struct tally all = {0};
  for (int i = 0; i < clients; i++) {
    all.done += tallies[i].done, all.wrong += tallies[i].wrong, all.lost += tallies[i].lost;
    if (tallies[i].longest > all.longest) all.longest = tallies[i].longest;
  }
  printf("{\"done\":%ld,\"wrong\":%ld,\"lost\":%ld,\"longest\":%.0f,\"seconds\":%.1f,\"slowest\":%ld,\"share\":%ld}\n", all.done,
         all.wrong, all.lost, all.longest, (now() - start) / 1000, *least, calls / clients);
  return all.wrong + all.lost > 0;
}
