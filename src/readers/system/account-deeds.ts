import { gives, help, loses, type SystemDeed } from "./system-deed.js";

/** What deletes accounts, and changes who may do what. */
export const accountDeeds: readonly SystemDeed[] = [
  {
    names: "userdel deluser groupdel delgroup",
    when: /^./,
    unless: help,
    deed: loses("deletes an account or group of this machine"),
  },
  {
    names: "usermod",
    when: /(^| )(-\w*[LeGgsuldmp]|--(lock|expiredate|groups|gid|shell|uid|login|home|move-home|password))( |=)|(^| )-a?G /,
    deed: gives("changes what an account may do"),
  },
  {
    names: "usermod adduser gpasswd",
    when: /\b(sudo|wheel|admin|docker|root|lxd)\b/,
    deed: gives("lets an account rule this machine"),
  },
  {
    names: "passwd",
    when: /(^| )(-\w*[dleu]|--(delete|lock|expire|unlock))( |$)/,
    deed: gives("changes how an account signs in"),
  },
  { names: "chpasswd newusers", when: /^/, unless: help, deed: gives("sets passwords") },
  {
    names: "visudo",
    when: /^/,
    unless: /(^| )(-c|--check|--help|--version|-V|-h)( |$)/,
    deed: gives("changes who may become root"),
  },
  {
    names: "passwd",
    when: /^(?!-)[\w.-]+$/,
    deed: gives("changes how an account signs in"),
  },
  {
    names: "useradd adduser",
    when: /(^| )(-\w*o|--non-unique)( |$)|(^| )(-\w*u|--uid)[ =]?0( |$)|(^| )(-\w*G|--groups)[ =]?\S*\b(sudo|wheel|admin|docker|root|lxd)\b/,
    deed: gives("makes an account that rules this machine"),
  },
  {
    names: "groupmod",
    when: /(^| )(-\w*[go]|--gid|--non-unique)/,
    unless: help,
    deed: gives("changes what a group may do"),
  },
  { names: "vipw vigr", when: /^/, unless: help, deed: gives("changes the accounts of this machine") },
  {
    names: "chage",
    when: /(^| )(-\w*[EMId]|--(expiredate|maxdays|inactive|lastday))/,
    deed: gives("changes how long an account may sign in"),
  },
  {
    names: "chsh",
    when: /\S+ +\S+ +\w/,
    unless: help,
    deed: gives("changes what somebody's sign-in starts"),
  },
  {
    names: "dscl",
    when: /(^| )-?(delete|create|append|change|merge|passwd)\b.*\/(Users|Groups)\//i,
    deed: gives("changes the accounts of this machine"),
  },
  { names: "dseditgroup", when: /(^| )-o +(edit|delete|create)/, deed: gives("changes who is in a group") },
  {
    names: "sysadminctl",
    when: /(^| )-(deleteUser|addUser|resetPasswordFor|newPassword|screenLock|guestAccount|afpGuestAccess)/,
    deed: gives("changes the accounts of this machine"),
  },
];
