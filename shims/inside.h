/* What the parts of `inside` share. inside.c: the steps; layers.c: what is mounted; powers.c: capabilities; calls.c: system calls; forward.c: ports. */
#ifndef HOLDPOINT_INSIDE_H
#define HOLDPOINT_INSIDE_H

/* One line on stderr, status 125. */
_Noreturn void fail(const char *step, const char *target, const char *why);
/* With the reason that errno has. */
_Noreturn void fail_errno(const char *step, const char *target);

/* Makes the mounts that it finds ones of this process's own, where it may add others. */
void own_mounts(void);
/* In `folder` links to the names in `bin`, and nothing else. */
void mount_links(const char *folder, const char *bin, char *const *names, int count);
/* A read-only overlay on `target`, the first of `lowers` uppermost. */
void mount_overlay(const char *target, char *const *lowers, int count);
/* `target` shows `lower`; what is written there goes to `upper`. */
void mount_scratch(const char *target, const char *lower, const char *upper, const char *work);
/* Nobody sees, or opens, what lies in `folder`. */
void mount_cover(const char *folder);
/* Nobody connects to `socket`, if it is there. */
void mount_shut(const char *socket);

/* Gives up every capability, and the ways to get one back; ends the process unless all are gone. */
void drop_powers(void);

/* Takes away the system calls that lead out; needs no_new_privs. */
void filter_calls(void);

/* Listens on port `number` of 127.0.0.1 from now on; whoever comes is connected to the unix socket, once the forwarder runs. */
void listen_forward(const char *number, const char *socket_path, const char *prefix_file);
/* Starts the process that serves all of them, if there are any. */
void start_forwarder(void);
/* Closes all descriptors above 2 but those that listen. */
void close_others(void);
/* Holds on to nothing that the caller gave, for a pipe that it held would never end, and is closed to debuggers. */
void leave_descriptors(void);

#endif
