/* For compilers without libFuzzer: `PROGRAM RUNS FILE…` tries each file, and then RUNS changes of them, the same each time. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES = 256, LONGEST = 1 << 16 };
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
  uint8_t *bytes;
  size_t size;
} files[FILES];
static size_t file_count;
static uint64_t state = 0x9e3779b97f4a7c15;

static size_t draw(size_t below) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return below ? (size_t)(state % below) : 0;
}

static size_t change(uint8_t *bytes, size_t size) {
  static const uint8_t odd[] = {0, 1, '-', '=', '0', '9', 0x7f, 0xfe, 0xff};
  size_t at = draw(size), other = draw(file_count), from = draw(files[other].size), part = draw(files[other].size - from + 1);
  switch (draw(5)) {
  case 0:
    if (size) bytes[at] ^= (uint8_t)(1 << draw(8));
    return size;
  case 1:
    if (size) bytes[at] = odd[draw(sizeof odd)];
    return size;
  case 2: /* without a piece */
    part = draw(size - at);
    memmove(bytes + at, bytes + at + part, size - at - part);
    return size - part;
  case 3: /* with a piece of another */
    if (size + part > LONGEST) return size;
    memmove(bytes + at + part, bytes + at, size - at);
    memcpy(bytes + at, files[other].bytes + from, part);
    return size + part;
  default: /* a byte more */
    if (size == LONGEST) return size;
    memmove(bytes + at + 1, bytes + at, size - at);
    bytes[at] = odd[draw(sizeof odd)];
    return size + 1;
  }
}

/* A block of just that size: a byte too far is seen. */
static void try(const uint8_t *bytes, size_t size) {
  uint8_t *exact = malloc(size ? size : 1);
  if (!exact) exit(1);
  if (size) memcpy(exact, bytes, size);
  LLVMFuzzerTestOneInput(exact, size);
  free(exact);
}

int main(int argc, char **argv) {
  static uint8_t bytes[LONGEST + 1];
  long runs = argc > 1 ? strtol(argv[1], NULL, 10) : 0, done = 0;
  for (int i = 2; i < argc && file_count < FILES; i++) {
    FILE *file = fopen(argv[i], "rb");
    if (!file) return perror(argv[i]), 1;
    size_t size = fread(bytes, 1, LONGEST, file);
    fclose(file);
    if (!(files[file_count].bytes = malloc(size + 1))) return 1;
    memcpy(files[file_count].bytes, bytes, size);
    files[file_count++].size = size;
    try(bytes, size), done++;
  }
  for (; file_count > 0 && runs > 0; runs--, done++) {
    size_t one = draw(file_count), size = files[one].size;
    memcpy(bytes, files[one].bytes, size);
    for (size_t left = 1 + draw(8); left > 0; left--) size = change(bytes, size);
    try(bytes, size);
  }
  printf("%ld inputs\n", done);
  return 0;
}
