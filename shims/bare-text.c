/* The other half of bare-system.c: strings, numbers, messages. As the C standard and POSIX have them, in as far as the shim uses them. */
#undef _FORTIFY_SOURCE
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined __GNUC__ && !defined __clang__
#pragma GCC optimize("no-tree-loop-distribute-patterns") /* would make of memcpy() a call of memcpy() */
#endif

/* Compilers call these four even for what calls none. */
void *memcpy(void *restrict to, const void *restrict from, size_t size) {
  for (size_t i = 0; i < size; i++) ((char *)to)[i] = ((const char *)from)[i]; // cppcheck-suppress useStandardLibrary
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  if ((uintptr_t)to <= (uintptr_t)from) return memcpy(to, from, size);
  while (size-- > 0) ((char *)to)[size] = ((const char *)from)[size];
  return to;
}

void *memset(void *to, int byte, size_t size) {
  for (size_t i = 0; i < size; i++) ((char *)to)[i] = (char)byte;
  return to;
}

int memcmp(const void *a, const void *b, size_t size) {
  const unsigned char *x = a, *y = b;
  for (size_t i = 0; i < size; i++)
    if (x[i] != y[i]) return x[i] - y[i];
  return 0;
}

size_t strlen(const char *text) {
  const char *end = text;
  while (*end) end++;
  return (size_t)(end - text);
}

int strncmp(const char *a, const char *b, size_t most) {
  for (; most > 0; a++, b++, most--)
    if (*a != *b || !*a) return (unsigned char)*a - (unsigned char)*b;
  return 0;
}

int strcmp(const char *a, const char *b) { return strncmp(a, b, SIZE_MAX); }

char *strrchr(const char *text, int byte) {
  for (size_t at = strlen(text) + 1; at-- > 0;)
    if (text[at] == (char)byte) return (char *)(uintptr_t)(text + at);
  return NULL;
}

size_t strcspn(const char *text, const char *stops) {
  size_t length = 0;
  for (; text[length]; length++)
    for (const char *stop = stops; *stop; stop++)
      if (text[length] == *stop) return length;
  return length;
}

char *stpcpy(char *restrict to, const char *restrict from) {
  while ((*to = *from)) to++, from++;
  return to;
}

/* Decimal only, and what is beyond a long is its end, as the standard says: both are too large for whoever asks. */
long strtol(const char *restrict text, char **restrict rest, int base) {
  const char *at = text + (*text == '-' || *text == '+');
  long value = 0;
  if (base != 10) __builtin_trap();
  if (*at < '0' || *at > '9') at = text;
  else
    for (; *at >= '0' && *at <= '9'; at++)
      if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *at - '0', &value)) value = LONG_MAX;
  if (rest) *rest = (char *)(uintptr_t)at;
  return *text == '-' ? -value : value;
}

/* The name that newer headers have for it. */
long __isoc23_strtol(const char *restrict text, char **restrict rest, int base);
long __isoc23_strtol(const char *restrict text, char **restrict rest, int base) { return strtol(text, rest, base); }

static char *write_number(char *end, unsigned long value) {
  do *--end = (char)('0' + value % 10);
  while (value /= 10);
  return end;
}

/* %s, %c, %d, %ld, %zu, %%. */
static int format(char *to, size_t size, const char *form, va_list words) {
  size_t length = 0;
  for (; *form; form++) {
    char number[24], *end = number + sizeof number;
    const char *text = form;
    size_t part = 1;
    if (*form == '%') {
      int is_long = *++form == 'l' || *form == 'z';
      form += is_long;
      if (*form == 's') text = va_arg(words, const char *), part = strlen(text);
      else if (*form == 'c') number[0] = (char)va_arg(words, int), text = number;
      else if (*form == 'd' || *form == 'u') {
        long value = is_long ? va_arg(words, long) : va_arg(words, int);
        char *digits = write_number(end, value < 0 && *form == 'd' ? 0 - (unsigned long)value : (unsigned long)value);
        if (value < 0 && *form == 'd') *--digits = '-';
        text = digits, part = (size_t)(end - digits);
      } else if (*form == '%') text = form;
      else __builtin_trap();
    }
    for (size_t i = 0; i < part; i++, length++)
      if (length + 1 < size) to[length] = text[i];
  }
  if (size > 0) to[length < size ? length : size - 1] = 0;
  return length > INT_MAX ? -1 : (int)length;
}

int snprintf(char *restrict to, size_t size, const char *restrict form, ...) {
  va_list words;
  va_start(words, form);
  int length = format(to, size, form, words);
  va_end(words);
  return length;
}

int sprintf(char *restrict to, const char *restrict form, ...) {
  va_list words;
  va_start(words, form);
  int length = format(to, SIZE_MAX, form, words);
  va_end(words);
  return length;
}

static const struct { int number; const char *text; } errors[] = {
  {EPERM, "Operation not permitted"}, {ENOENT, "No such file or directory"}, {EIO, "Input/output error"},
  {E2BIG, "Argument list too long"}, {ENOEXEC, "Exec format error"}, {EBADF, "Bad file descriptor"},
  {EAGAIN, "Resource temporarily unavailable"}, {ENOMEM, "Cannot allocate memory"}, {EACCES, "Permission denied"},
  {EFAULT, "Bad address"}, {ENOTDIR, "Not a directory"}, {EISDIR, "Is a directory"}, {EINVAL, "Invalid argument"},
  {ENFILE, "Too many open files in system"}, {EMFILE, "Too many open files"}, {ETXTBSY, "Text file busy"},
  {ENOSPC, "No space left on device"}, {EROFS, "Read-only file system"}, {EPIPE, "Broken pipe"},
  {ENAMETOOLONG, "File name too long"}, {ENOSYS, "Function not implemented"}, {ELOOP, "Too many levels of symbolic links"},
  {ELIBBAD, "Accessing a corrupted shared library"}, {ENOTSOCK, "Socket operation on non-socket"},
  {EPROTOTYPE, "Protocol wrong type for socket"}, {EAFNOSUPPORT, "Address family not supported by protocol"},
  {ECONNRESET, "Connection reset by peer"}, {ENOBUFS, "No buffer space available"}, {ETIMEDOUT, "Connection timed out"},
  {ECONNREFUSED, "Connection refused"}, {EHOSTDOWN, "Host is down"}, {ESTALE, "Stale file handle"},
};

char *strerror(int error) {
  static char other[32];
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
    if (errors[i].number == error) return (char *)(uintptr_t)errors[i].text;
  snprintf(other, sizeof other, "error %d", error);
  return other;
}
