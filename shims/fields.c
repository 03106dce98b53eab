/* The fields of a frame's body, taken from `at` on. Whatever is not as it must be denies. */
#include "shim.h"
#include <stdlib.h>
#include <string.h>

const char *next_field(char **at, const char *end) {
  const char *field = *at;
  if (field >= end) deny_garbage();
  *at += strlen(field) + 1;
  return field;
}

long next_number(char **at, const char *end, long max) {
  char *rest;
  const char *text = next_field(at, end);
  long value = strtol(text, &rest, 10);
  if (!*text || *rest || value < 0 || value > max) deny_garbage();
  return value;
}

long next_count(char **at, const char *end) {
  long count = next_number(at, end, FRAME_LIMIT);
  if (count > end - *at) deny_garbage();
  return count;
}
