/*
 * What a caller gives the shim, against what the broker reads: byte 0 is the way, byte 1 how many of the words are its argv;
 * the words, ended by NUL, are argv and then environment. All of them must arrive, byte for byte, over both transports.
 */
#include "world.h"

static char *const none[] = {NULL};

/* The frame without packets and length. */
static struct bytes received(void) {
  struct bytes stream = {0};
  const uint8_t *at = world.sent.at, *end = at + world.sent.size;
  if (!world.fifo) add(&stream, at, world.sent.size);
  else
    while (at < end) {
      size_t part = (size_t)at[2] << 8 | at[3];
      must(end - at >= 16 && at[0] == 0 && at[1] == 0 && part <= 4080 && memcmp(at + 4, tag_drawn, TAG) == 0);
      add(&stream, at + 16, part);
      at += 16 + part;
    }
  must(stream.size > 4 && length_of((char *)stream.at) == stream.size - 4);
  return stream;
}

static const char *take_field(const char **at) {
  const char *field = *at;
  *at += strlen(field) + 1;
  return field;
}

static void check_words(const char **at, char *const *words) {
  long count = strtol(take_field(at), NULL, 10);
  for (; count > 0; count--, words++) must(*words && strcmp(take_field(at), *words) == 0);
  must(*words == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 3) return 0;
  world.fifo = data[0] & 1;
  world.step = data[0] & 2 ? data[0] >> 2 : 0;
  char *text = malloc(size - 1), **words = malloc((size + 2) * sizeof *words);
  memcpy(text, data + 2, size - 2);
  text[size - 2] = 0;
  size_t count = 0, argc;
  for (char *at = text; at < text + size - 2; at += strlen(at) + 1) words[count++] = at;
  argc = data[1] < count ? data[1] : count;
  for (size_t i = count; i > argc; i--) words[i] = words[i - 1];
  words[argc] = NULL, words[count + 1] = NULL;

  must(run_shim((int)argc, words, words + argc + 1) == 126); /* nobody answers */
  struct bytes stream = received();
  const char *at = (char *)stream.at + 4;
  must(strcmp(take_field(&at), "holdpoint/1") == 0 && strcmp(take_field(&at), "call") == 0);
  must(strcmp(take_field(&at), "tool") == 0);
  for (int i = 0; i < 4; i++) (void)take_field(&at); /* pids, cwd, descriptor 0 */
  check_words(&at, argc ? words : none);
  check_words(&at, count > argc ? words + argc + 1 : none);
  must(at == (char *)stream.at + stream.size);
  free(stream.at), free(text), free(words);
  world_end();
  return 0;
}
