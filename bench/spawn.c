// Starts a program many times, one after another, and prints the time of each start to its end: {"median","p99","mean"} in
// microseconds, and in "parent" what processor time the parent (the broker) spent on each. The clock is the only thing
// between two starts.
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

/* Microseconds on a processor, to 10 ms; 0 without /proc. */
static double parent_time(void) {
  char path[64];
  unsigned long user = 0, system = 0;
  snprintf(path, sizeof path, "/proc/%ld/stat", (long)getppid());
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  int found = fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  fclose(file);
  return found == 2 ? (double)(user + system) * 1e6 / (double)sysconf(_SC_CLK_TCK) : 0;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int count = atoi(argv[1]);
  double *times = malloc(sizeof *times * (size_t)count), sum = 0, spent = 0;
  for (int i = -20; i < count; i++) {
    pid_t pid;
    int status;
    if (i == 0) spent = parent_time();
    double start = now();
    if (posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ) != 0) return 1;
    if (waitpid(pid, &status, 0) != pid || status != 0) return 1;
    if (i < 0) continue;
    times[i] = now() - start;
    sum += times[i];
  }
  spent = parent_time() - spent;
  qsort(times, (size_t)count, sizeof *times, compare);
  printf("{\"median\":%.0f,\"p99\":%.0f,\"mean\":%.0f,\"parent\":%.0f}\n", times[count / 2], times[count * 99 / 100],
         sum / count, spent / count);
  return 0;
}
