import { readFileSync } from "node:fs";

/**
 * Whether a program with our rights could put keys into a terminal that is not its own (the ioctl TIOCSTI). Linux lets
 * only CAP_SYS_ADMIN do that, whatever the sysctl dev.tty.legacy_tiocsti says; elsewhere it takes root.
 */
export function canPushKeys(): boolean {
  try {
    const [, mask = "ffffffffffffffff"] =
      /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "latin1")) ?? [];
    return (BigInt(`0x${mask}`) & sysAdmin) !== 0n;
  } catch {
    return process.getuid?.() === 0;
  }
}

/** https://man7.org/linux/man-pages/man7/capabilities.7.html: bit 21. */
const sysAdmin = 1n << 21n;
