/* What a terminal is told, and forgets: shapes of ECMA-48, 5.4. All else is for terminal-sequences.ts to read. */
#include "plain.h"
#include <string.h>

enum { shift_out = 0x0e, shift_in = 0x0f, escape = 0x1b };

static const unsigned char *end_of_sequence(const unsigned char *at, const unsigned char *end, const char *finals);

int plain_tail(const unsigned char *bytes, size_t size, const char *finals) {
  const unsigned char *at = bytes, *end = bytes + size;
  if (memchr(bytes, shift_out, size) || memchr(bytes, shift_in, size)) return -1;
  while ((at = memchr(at, escape, (size_t)(end - at)))) {
    const unsigned char *next = end_of_sequence(at, end, finals);
    if (!next) return -1;
    if (next > end) return end - at <= longest_tail ? (int)(end - at) : -1;
    at = next;
  }
  int begun = 0;
  while (begun < 3 && (size_t)begun < size && end[-1 - begun] >= 0x80) begun++;
  return begun;
}

/* Null when it is more than a plain one; beyond `end` when it goes on there. */
static const unsigned char *end_of_sequence(const unsigned char *at, const unsigned char *end, const char *finals) {
  if (++at < end && *at++ != '[') return NULL;
  while (at < end && *at >= 0x20 && *at <= 0x3b) at++;
  if (at >= end) return end + 1;
  return *at >= 0x40 && *at <= 0x7e && !strchr(finals, *at) ? at + 1 : NULL;
}
