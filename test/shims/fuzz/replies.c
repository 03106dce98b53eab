/*
 * What the broker sends, against the shim. Byte 0: how the way is (see below); byte 1: how many of the last bytes are on
 * descriptor 0; then the frames. Where bit 0 of byte 0 is set they are told apart by 0xfe, and their lengths are made
 * here; else all is raw. Only a frame `exec` whose counts fit may lead to an exec.
 */
#include "world.h"

static const uint8_t *field_end(const uint8_t *at, const uint8_t *end) { return at < end ? memchr(at, 0, (size_t)(end - at)) : NULL; }

/* Passes over a number and as many fields; NULL where they do not fit. */
static const uint8_t *counted(const uint8_t *at, const uint8_t *end) {
  const uint8_t *next = field_end(at, end);
  if (!next) return NULL;
  long count = strtol((const char *)at, NULL, 10);
  for (at = next + 1; count > 0; count--, at = next + 1)
    if (!(next = field_end(at, end))) return NULL;
  return at;
}

/* As the protocol's page has it, read by another hand. */
static int is_exec(const uint8_t *at, size_t size) {
  const uint8_t *end = at + size, *next;
  if (size < 5 || memcmp(at, "exec", 5) != 0 || end[-1] != 0) return 0;
  if (!(next = field_end(at + 5, end)) || !(at = counted(next + 1, end))) return 0;
  if (end - at == 2 && at[0] == '-') return 1;
  return counted(at, end) == end;
}

/* Tags and lengths of the FIFOs' packets, a stranger's one between them. */
static void add_packets(const uint8_t *at, size_t size) {
  while (size > 0) {
    size_t part = size > 300 ? 300 : size;
    uint8_t head[4] = {0, 0, (uint8_t)(part >> 8), (uint8_t)part};
    add(&world.replies, "\0\0\0\4STRANGERSTRAabcd", 20);
    add(&world.replies, head, 4);
    add(&world.replies, tag_drawn, TAG);
    add(&world.replies, at, part);
    at += part, size -= part;
  }
}

static int add_frames(const uint8_t *at, size_t size) {
  struct bytes stream = {0};
  int has_exec = 0;
  while (size > 0) {
    const uint8_t *mark = memchr(at, 0xfe, size);
    size_t part = mark ? (size_t)(mark - at) : size;
    uint8_t head[4] = {(uint8_t)(part >> 24), (uint8_t)(part >> 16), (uint8_t)(part >> 8), (uint8_t)part};
    add(&stream, head, 4);
    add(&stream, at, part);
    has_exec |= is_exec(at, part);
    at += part + (mark != NULL), size -= part + (mark != NULL);
  }
  if (world.fifo) add_packets(stream.at, stream.size);
  else add(&world.replies, stream.at, stream.size);
  free(stream.at);
  return has_exec;
}

static int find_exec(const uint8_t *at, size_t size) {
  while (size >= 4) {
    size_t part = (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
    if (part > size - 4) return 0;
    if (is_exec(at + 4, part)) return 1;
    at += 4 + part, size -= 4 + part;
  }
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const int steps[] = {0, 1, 2, 7};
  char *argv[] = {(char[]){"tool"}, (char[]){"a b"}, NULL};
  char *env[] = {(char[]){"A=1"}, (char[]){"PATH=/usr/bin"}, (char[]){"odd"}, (char[]){"A=2"}, NULL};
  if (size < 2) return 0;
  int way = data[0], has_exec = 1;
  world.fifo = way >> 1 & 1;
  world.step = steps[way >> 2 & 3];
  world.kind = way >> 4;
  world.fails = way >> 6;
  world.script = (way >> 4 & 3) == 3;
  size_t given = data[1] < size - 2 ? data[1] : size - 2, rest = size - 2 - given;
  add(&world.given, data + 2 + rest, given);
  if (way & 1) has_exec = add_frames(data + 2, rest);
  else {
    add(&world.replies, data + 2, rest);
    if (!world.fifo) has_exec = find_exec(data + 2, rest);
  }
  int status = run_shim(2, argv, env);
  must(status >= 0 && (status <= 255 || status == EXECUTED));
  if (status == EXECUTED) must(has_exec);
  world_end();
  return 0;
}
