import { help, loses, type SystemDeed, stops } from "./system-deed.js";

/** What takes connections, routes, names and rules of the firewall away. */
export const networkDeeds: readonly SystemDeed[] = [
  {
    names: "iptables ip6tables ebtables arptables iptables-legacy ip6tables-legacy iptables-nft",
    when: /(^| )(-F|--flush|-X|--delete-chain|-D|--delete)( |$)/,
    deed: loses("drops rules of the firewall"),
  },
  {
    names: "iptables ip6tables",
    when: /(^| )(-P|--policy) \S+ (DROP|ACCEPT|REJECT)/,
    deed: stops("changes what the firewall does with everything else"),
  },
  {
    names: "iptables-restore ip6tables-restore",
    when: /^/,
    unless: /(^| )(-t|--test|--help|-n|--noflush)( |$)/,
    deed: loses("replaces every rule of the firewall"),
  },
  {
    names: "nft",
    when: /(^| )(-f|--file)( |=)/,
    unless: /(^| )(-c|--check)( |$)/,
    deed: stops("replaces rules of the firewall"),
  },
  {
    names: "firewall-cmd",
    when: /--(remove|delete)-|--panic-on|--complete-reload|--set-default-zone|--reset-to-defaults/,
    deed: stops("takes rules of the firewall away"),
  },
  {
    names: "pfctl",
    when: /(^| )(-F|-d|-f)( |$)/,
    unless: /(^| )-n/,
    deed: stops("takes rules of the firewall away"),
  },
  { names: "ifconfig", when: / (down|delete|destroy)$/, deed: stops("takes a connection down") },
  { names: "ifdown", when: /^./, unless: help, deed: stops("takes a connection down") },
  { names: "route", when: /(^| )(del|delete|flush)( |$)/, deed: stops("drops a route") },
  {
    names: "tc",
    when: /(^| )(del|delete|replace)( |$)|\badd\b.*\b(netem|tbf)\b/,
    deed: stops("changes how packets are sent"),
  },
  {
    names: "nsupdate",
    when: /^/,
    unless: /(^| )-V/,
    deed: { action: "modify", recovery: "none", because: "changes a zone of the domain name system" },
  },
  {
    names: "rndc",
    when: /(^| )(delzone|stop|halt|flush\w*|freeze)( |$)/,
    deed: stops("changes what the name server serves"),
  },
  {
    names: "iptables ip6tables iptables-legacy ip6tables-legacy iptables-nft",
    when: /(^| )(-R|--replace) |(^| )(-A|-I|--append|--insert) .*(-j|--jump) (DROP|REJECT)( |$)/,
    // One sender that is shut out is what a firewall is for.
    unless: /(^| )(-s|--source|--src) \S/,
    deed: stops("shuts connections out"),
  },
  {
    names: "ufw",
    when: /(^| )((deny|reject) |default (allow|deny|reject))/,
    unless: /(^| )(--dry-run|from \S)/,
    deed: stops("changes who gets through the firewall"),
  },
  {
    names: "netsh",
    when: /advfirewall (reset|set \S+ state off|firewall (delete|set))|interface .*(disabled?|reset|delete)|winsock reset/i,
    deed: stops("changes the firewall or a connection"),
  },
  {
    names: "socketfilterfw",
    when: /--(setglobalstate off|setblockall|remove|unblockapp)/,
    deed: stops("switches the firewall off"),
  },
  {
    names: "fail2ban-client",
    when: /^(-\S+ )*(stop|unban --all|set \S+ (unbanip|delignoreip|idle)|reload --unban)/,
    deed: stops("lets those in that were shut out"),
  },
  {
    names: "networksetup",
    when: /^-(set\w+ .*\boff|removenetworkservice|remove\w+|set(manual|dnsservers|airportnetwork))/i,
    deed: stops("changes how the machine is connected"),
  },
  { names: "rfkill", when: /^block\b/, deed: stops("takes a connection down") },
  { names: "wg-quick", when: /^down\b/, deed: stops("takes a connection down") },
  { names: "wg", when: /^set .*\bremove\b/, deed: stops("takes a connection down") },
  {
    names: "tailscale",
    when: /^(down|logout|lock|funnel|serve reset)\b/,
    deed: stops("changes who reaches the machine"),
  },
  {
    names: "hostnamectl",
    when: /(^| )(set-hostname|hostname) \S/,
    deed: stops("gives the machine another name"),
  },
  {
    names: "resolvectl",
    when: /^(revert|dns \S+ \S|domain \S+ \S)/,
    deed: stops("changes how names are looked up"),
  },
  { names: "dhclient", when: /(^| )-(r|x)( |$)/, deed: stops("gives the machine's address back") },
];
