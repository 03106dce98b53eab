#include <stddef.h>

/* Longer than any plain control sequence that a program sends. */
enum { longest_tail = 64 };

/*
 * Of what a terminal is told, beginning outside of any sequence: how many bytes at the end may begin a character or a control
 * sequence, at most `longest_tail`; -1 when what is before them is more than text and control sequences that change no mode.
 * Those have no private marker, and end in none of `finals`.
 */
int plain_tail(const unsigned char *bytes, size_t size, const char *finals);
