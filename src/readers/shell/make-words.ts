import { isKnown } from "../../model/arg.js";
import { type Env, envGet } from "../../model/env.js";

/** Options and settings of the variables that GNU make reads before its own words; a backslash keeps a blank. */
export function flagWords(env: Env): readonly string[] {
  return ["GNUMAKEFLAGS", "MAKEFLAGS"].flatMap((name) => {
    const text = envGet(env, name);
    if (text === undefined || !isKnown(text)) return [];
    const words = [...text.matchAll(/(?:\\.|[^\\\s])+/gs)].map(([word]) => word.replace(/\\(.)/gs, "$1"));
    // `MAKEFLAGS=kn`: letters without a dash.
    return words
      .map((word, at) => (at === 0 && /^[a-zA-Z]+$/.test(word) ? `-${word}` : word))
      .filter((word) => word !== "--");
  });
}

/** What make's own rules start, with nothing in a makefile: `make CC='/bin/rm -rf notes;' x.o`. */
const programs = /^(AR|AS|CC|CPP|CXX|FC|LD|LEX|LINT|M2C|PC|YACC|TEX|TANGLE|WEAVE|CO|GET|RM)$/;
const flags = /^(AR|AS|C|CPP|CXX|F|L|LD|P|R|Y|GF|CO)FLAGS$|^(LDLIBS|LOADLIBES|TARGET_ARCH)$/;

export function impliedLines(env: Env, settings: readonly string[]): readonly string[] {
  const given = settings.flatMap((word) => {
    const [, name, value] = /^([\w.-]+)[:?+]*=(.*)$/s.exec(word) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  const set = names.flatMap((name) => {
    const value = envGet(env, name);
    return value === undefined || !isKnown(value) ? [] : [[name, value] as const];
  });
  return [...set, ...given].flatMap(([name, value]) => {
    if (programs.test(name) && /\s|\//.test(value)) return [value];
    return flags.test(name) && /[;|&`]/.test(value) ? [value.replace(/^[^;|&`]*[;|&]*/, "")] : [];
  });
}

const names = [
  "AR",
  "AS",
  "CC",
  "CPP",
  "CXX",
  "FC",
  "LD",
  "LEX",
  "YACC",
  "CFLAGS",
  "CXXFLAGS",
  "CPPFLAGS",
  "LDFLAGS",
];
