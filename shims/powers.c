/*
 * Capabilities, given up. With one of them a program could take off what is mounted over something else. For root an empty
 * bounding set counts, too: the kernel would hand root's next program all that this set still has.
 */
#define _GNU_SOURCE
#include "inside.h"
#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char step[] = "drop", target[] = "capabilities";

static void check_powers(void);

void drop_powers(void) {
  struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail_errno(step, "new privileges");
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) fail_errno(step, target);
  for (unsigned long each = 0, has; (has = (unsigned long)prctl(PR_CAPBSET_READ, each, 0, 0, 0)) <= 1; each++)
    if (has && prctl(PR_CAPBSET_DROP, each, 0, 0, 0) != 0) fail_errno(step, target);
  if (syscall(SYS_capset, &head, none) != 0) fail_errno(step, target);
  check_powers();
}

/* What the kernel says, not what was asked of it: a filter on system calls can answer "done" for what it left undone. */
static void check_powers(void) {
  struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct now[2] = {{~0U, ~0U, ~0U}, {~0U, ~0U, ~0U}};
  if (syscall(SYS_capget, &head, now) != 0) fail_errno(step, target);
  for (int i = 0; i < 2; i++)
    if (now[i].effective || now[i].permitted || now[i].inheritable) fail(step, target, "some are left");
  for (unsigned long each = 0; each < 64; each++) {
    if (prctl(PR_CAPBSET_READ, each, 0, 0, 0) == 1) fail(step, target, "some can be had again");
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, each, 0, 0) == 1) fail(step, target, "some are handed on");
  }
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) fail(step, "new privileges", "can be had again");
}
