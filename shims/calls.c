/*
 * System calls that lead out of a sandbox whatever is mounted in it, refused by a filter that every program in there inherits:
 *
 *   keyctl, add_key, request_key   the session's keyring comes in with the process, and who has the same user may link the user's own
 *                                  by its number: Kerberos tickets and keys of file systems are read so
 *   ioctl TIOCSTI, TIOCLINUX       type into the terminal, where a person's shell reads on once all this has ended
 *   socket AF_VSOCK                of no network namespace: the host of a virtual machine
 *   io_uring_setup                 its sockets are made past this filter
 *
 * What does not know them is told that the kernel does not, and does without. The same for the machine's other sets of calls: a
 * program of 32 bits is soon brought. Theirs has one call for all of sockets, whose arguments no filter sees.
 */
#define _GNU_SOURCE
#include "inside.h"
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { NONE = -1, GONE = 3, MOST = 96 };

struct abi {
  uint32_t arch;
  int64_t limit; /* from here on another set of calls, under the same name: x32 */
  int64_t gone[GONE], uring, ioctl, socket, socketcall;
};

static const struct abi abis[] = {
#if defined(__x86_64__)
    {AUDIT_ARCH_X86_64, 0x40000000, {248, 249, 250}, 425, 16, 41, NONE},
    {AUDIT_ARCH_I386, NONE, {286, 287, 288}, 425, 54, 359, 102},
#elif defined(__aarch64__)
    {AUDIT_ARCH_AARCH64, NONE, {217, 218, 219}, 425, 29, 198, NONE},
    {AUDIT_ARCH_ARM, NONE, {309, 310, 311}, 425, 54, 281, 102},
#elif defined(__riscv) && __riscv_xlen == 64
    {AUDIT_ARCH_RISCV64, NONE, {217, 218, 219}, 425, 29, 198, NONE},
#endif
    {0},
};

static struct sock_filter code[MOST];
static unsigned short size;

static void emit(unsigned short what, uint32_t value, unsigned char yes, unsigned char no) {
  code[size++] = (struct sock_filter){what, yes, no, value};
}

static void load(size_t at) { emit(BPF_LD | BPF_W | BPF_ABS, (uint32_t)at, 0, 0); }
static void answer(uint32_t what) { emit(BPF_RET | BPF_K, what, 0, 0); }
static uint32_t refusal(uint32_t error) { return SECCOMP_RET_ERRNO | error; }

static void refuse(int64_t value, uint32_t error) {
  if (value == NONE) return;
  emit(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)value, 0, 1);
  answer(refusal(error));
}

/* The low half: the kernel takes no more of these arguments. */
static size_t argument(int which) {
  size_t at = offsetof(struct seccomp_data, args) + 8 * (size_t)which;
  return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? at + 4 : at;
}

/* A call some of whose arguments are refused. */
static void look_into(int64_t call, int which, const uint32_t *values, int count, uint32_t error) {
  if (call == NONE) return;
  emit(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, (unsigned char)(2 * count + 2));
  load(argument(which));
  for (int i = 0; i < count; i++) refuse(values[i], error);
  answer(SECCOMP_RET_ALLOW);
}

static void add_abi(const struct abi *abi) {
  static const uint32_t typing[] = {TIOCSTI, TIOCLINUX}, families[] = {AF_VSOCK}, making[] = {1 /* SYS_SOCKET */};
  load(offsetof(struct seccomp_data, arch));
  emit(BPF_JMP | BPF_JEQ | BPF_K, abi->arch, 0, 0);
  unsigned short start = size;
  load(offsetof(struct seccomp_data, nr));
  if (abi->limit != NONE) {
    emit(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)abi->limit, 0, 1);
    answer(refusal(ENOSYS));
  }
  for (int i = 0; i < GONE; i++) refuse(abi->gone[i], ENOSYS);
  refuse(abi->uring, ENOSYS);
  look_into(abi->ioctl, 1, typing, 2, EPERM);
  look_into(abi->socket, 0, families, 1, EAFNOSUPPORT);
  look_into(abi->socketcall, 0, making, 1, ENOSYS);
  answer(SECCOMP_RET_ALLOW);
  code[start - 1].jf = (unsigned char)(size - start);
}

/*
 * Sockets without a file are found by name in all of a network namespace: without --net the machine's D-Bus and X. Linux 6.12 lets a
 * process do without those of others (landlock(7), `scoped`); before it nothing does.
 */
static void leave_abstract_sockets(void) {
  const uint64_t rules[] = {0, 0, 1}; /* files, ports; scoped: LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET */
  enum { CREATE_RULESET = 444, RESTRICT_SELF = 446 };
  long rule = syscall(CREATE_RULESET, rules, sizeof rules, 0);
  if (rule < 0) return;
  if (syscall(RESTRICT_SELF, (int)rule, 0) != 0) fail_errno("filter", "sockets");
  close((int)rule);
}

void filter_calls(void) {
  leave_abstract_sockets();
  for (const struct abi *abi = abis; abi->arch; abi++) add_abi(abi);
  if (size == 0) return; /* a machine whose numbers are not known here */
  answer(refusal(ENOSYS));
  struct sock_fprog program = {size, code};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) fail_errno("filter", "calls");
}
