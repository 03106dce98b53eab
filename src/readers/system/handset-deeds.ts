import { loses, type SystemDeed } from "./system-deed.js";

/** Devices on a cable, simulators, controllers of disks: what they hold is gone once it is erased. */
export const handsetDeeds: readonly SystemDeed[] = [
  {
    names: "adb",
    when: /^(-\S+( \S+)? )*(uninstall|(shell|exec-out) (.* )?(su -c )?["']?(rm|rmdir|dd|mkfs\S*|wipe|truncate|unlink)\b|shell (.* )?(pm|cmd package) (clear|uninstall)\b|shell (.* )?recovery --wipe)/,
    deed: loses("deletes apps or files of the device"),
  },
  {
    names: "fastboot",
    when: /(^| )(-w|erase|format\S*|flashall|flash:?raw|flashing (un)?lock\S*|oem (un)?lock\S*|wipe-super|delete-logical-partition)( |$)/,
    deed: loses("erases partitions of the device"),
  },
  {
    names: "xcrun",
    when: /^simctl (erase|delete (?!unavailable))/,
    deed: loses("erases a simulator with its apps and data"),
  },
  {
    names: "simctl",
    when: /^(erase|delete (?!unavailable))/,
    deed: loses("erases a simulator with its apps and data"),
  },
  { names: "avdmanager", when: /^(-\S+ )*delete\b/, deed: loses("deletes a virtual device") },
  {
    names: "esptool esptool.py",
    when: /(^| )(erase[_-](flash|region)|write[_-]flash\b.*(-e|--erase-all))( |$)/,
    deed: loses("erases the chip's memory"),
  },
  {
    names: "flashrom",
    when: /(^| )(-\w*E|--erase|-\w*w|--write)( |$)/,
    deed: loses("erases or overwrites firmware"),
  },
  { names: "avrdude", when: /(^| )-\w*e( |$)/, deed: loses("erases the chip's memory") },
  { names: "picotool", when: /^erase\b/, deed: loses("erases the chip's memory") },
  {
    names: "storcli storcli64 perccli perccli64",
    when: /(^| )(del|delete|start (init|erase)|erase|set jbod)( |$)/i,
    deed: loses("deletes a disk set with what it holds"),
  },
  {
    names: "megacli MegaCli MegaCli64",
    when: /-(CfgLdDel|CfgClr|CfgEachDskRaid0|LDInit|PDMakeGood)/i,
    deed: loses("deletes a disk set with what it holds"),
  },
  {
    names: "ssacli hpacucli",
    when: /(^| )(delete|clearconfig|erase)\b/,
    deed: loses("deletes a disk set with what it holds"),
  },
  {
    names: "racadm",
    when: /(^| )(systemerase|racresetcfg|storage deletevd\S*|raid deletevd\S*)|deletevd|resetconfig/,
    deed: loses("erases settings or disks of a server"),
  },
];
