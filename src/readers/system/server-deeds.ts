import { loses, type SystemDeed, stops } from "./system-deed.js";

/** What stops servers, and takes them apart. */
export const serverDeeds: readonly SystemDeed[] = [
  { names: "nginx openresty", when: /(^| )-s ?(stop|quit)( |$)/, deed: stops("stops the web server") },
  {
    names: "apachectl apache2ctl httpd",
    when: /(^| )(-k )?(stop|graceful-stop)( |$)/,
    deed: stops("stops the web server"),
  },
  {
    names: "haproxy",
    when: /(^| )-s[ft]( |$)/,
    unless: /(^| )-c( |$)/,
    deed: stops("ends the running load balancer"),
  },
  { names: "caddy", when: /^stop\b/, deed: stops("stops the web server") },
  { names: "postfix sendmail exim", when: /^(stop|abort)\b/, deed: stops("stops the mail server") },
  { names: "postsuper", when: /(^| )-d( |$)/, deed: loses("deletes mail that waits") },
  {
    names: "kubeadm",
    when: /^reset/,
    unless: /--dry-run/,
    deed: loses("takes the node out of its cluster and wipes what it keeps"),
  },
  {
    names: "gitlab-ctl",
    when: /^(stop|kill|cleanse|uninstall|reset|promote\S*|pg-upgrade|term|hup)\b/,
    deed: stops("stops or clears the server"),
  },
  {
    names: "k3s-uninstall.sh k3s-agent-uninstall.sh rke2-uninstall.sh k3s-killall.sh",
    when: /^/,
    deed: loses("removes the cluster of this machine"),
  },
  {
    names: "nix-collect-garbage",
    when: /(^| )(-d|--delete-old|--delete-older-than)( |$)/,
    unless: /--dry-run/,
    deed: loses("removes every older state of the system"),
  },
];
