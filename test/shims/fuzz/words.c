/* The terminal's shell: its words there and back, words that nobody encoded, and what may stand in its file `start`. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static jmp_buf over;
static const char *content;
static size_t content_size;
static void *blocks[8];
static int block_count;
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static _Noreturn void world_exit(int status) { longjmp(over, status); }
static FILE *world_open(void) { return fmemopen((char *)(size_t)content, content_size, "r"); }
static void *world_malloc(size_t size) { return block_count < 8 ? blocks[block_count++] = malloc(size) : NULL; }

#define main shell_main
#define _exit world_exit
#define malloc world_malloc
#define fopen(path, mode) world_open()
#define fprintf(to, ...) ((void)snprintf(NULL, 0, __VA_ARGS__))
#define isatty(fd) 0
#include "../../../shims/shell.c"
#undef malloc
#undef fprintf

#define must(what) \
  do { \
    if (!(what)) fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what), abort(); \
  } while (0)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
  if (size < 2) return 0;
  char *text = malloc(size);
  memcpy(text, data + 1, size - 1);
  text[size - 1] = 0;
  content = text, content_size = size - 1;
  int status = setjmp(over);
  if (status == 0) {
    char *node = NULL, *script = NULL, *coded;
    switch (data[0] % 3) {
    case 0:
      coded = encode(text);
      for (const char *at = coded; *at; at++) must((unsigned char)*at < 0x80);
      must(strcmp(decode(coded), text) == 0);
      break;
    case 1:
      must(strlen(decode(text)) <= strlen(text));
      break;
    default:
      read_start("/folder", &node, &script);
      must(node[0] == '/' && script[0] == '/' && !strchr(node, '\n') && !strchr(script, '\n'));
    }
  } else must(status == 126 && data[0] % 3 != 0);
  while (block_count > 0) free(blocks[--block_count]);
  free(text);
  return 0;
}
