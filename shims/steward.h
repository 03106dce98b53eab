#include <stddef.h>
#include <sys/types.h>

/* Words, each ended by a NUL. All zero: none. */
struct words {
  char *text;
  size_t size, room;
};

void add_word(struct words *words, const char *word);
/* And an empty one behind the last. */
void send_words(int to, struct words *words);

/* These answer 1, or 0 with errno. */

/* To a name that is not taken. `mode`: 0 for that of the file. */
int copy_file(int from_folder, const char *from, int to_folder, const char *to, mode_t mode);
/* Plain files and folders, as the package has them, into a folder that is there. */
int copy_folder(const char *from, const char *to);
/* All that is in it, but not itself. Follows no link. */
int empty_folder(int above, const char *name);
/* `words`: folders, which begin with a slash, and names, which have none; sorted in place. Adds the names that got a link in `bin`. */
int link_programs(char **words, size_t count, struct words *linked);
/* Adds the pids of a session's processes. */
int find_left(const char *session, struct words *left);
