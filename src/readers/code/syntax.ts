/** How the text of a programming language falls into words, as far as that tells its calls and strings apart. */
export interface CodeSyntax {
  readonly comments: RegExp;
  readonly strings: readonly StringForm[];
  /** Tried where a value may begin, where a slash does not divide. */
  readonly patterns: RegExp | undefined;
  /** Heredocs in the text: `<<~EOS`. Its second group is the quote, its third the word. */
  readonly heredoc: RegExp | undefined;
  /** Made when it is asked for: V8 takes long for the classes of Unicode, and few texts are of more than one language. */
  readonly name: RegExp;
  /** Between an object and its member. */
  readonly members: ReadonlySet<string>;
  /** Joins two texts. */
  readonly joins: string;
  /** Arguments may stand without parentheses: after any name, or only where they are one string or table. */
  readonly bare: "names" | "strings" | "none";
  /** `:name` is a text. */
  readonly atoms?: true;
  /** `name = value` between parentheses or braces names an argument or a field. */
  readonly named: "(" | "{" | "([" | "";
}

/** `text`: a string; `command`: it is run; `words`: a list of its words; `files`: the files that a pattern names. */
export interface StringForm {
  readonly opens: RegExp;
  readonly kind: "text" | "command" | "words" | "files";
  readonly holes: Holes;
  /** `all`: `\n` and its kind; `few`: the quote and the backslash alone; `none`: raw. */
  readonly escapes: "all" | "few" | "none";
}

/** Code in a string: `${x}`, `#{x}`, `{x}`, `$x` and `@x`, `$x` alone, `\(x)`. */
export type Holes = "none" | "dollar" | "hash" | "brace" | "sigil" | "variable" | "slash";

const dots = new Set([".", "?.", "::"]);
const arrows = new Set(["->", "::", "?->"]);
const cComments = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const hashComments = /#[^\n]*/y;
const slashes = /\/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\\n]){0,300}\]|[^/\\\n[]){1,2000}\/[a-z]*/y;

function word(): RegExp {
  return /[\p{L}_$][\p{L}\p{N}_$]*/uy;
}

function text(opens: RegExp, holes: Holes = "none", escapes: StringForm["escapes"] = "all"): StringForm {
  return { opens, kind: "text", holes, escapes };
}

const python: CodeSyntax = {
  comments: hashComments,
  strings: [
    text(/(?:[rR][fF]|[fF][rR])("""|'''|"|')/y, "brace", "none"),
    text(/[fFtT]("""|'''|"|')/y, "brace"),
    text(/(?:[bB]?[rR]|[rR][bB])("""|'''|"|')/y, "none", "none"),
    text(/[bBuU]?("""|'''|"|')/y),
  ],
  patterns: undefined,
  heredoc: undefined,
  get name() {
    return word();
  },
  members: new Set(["."]),
  joins: "+",
  bare: "none",
  named: "(",
};

const javascript: CodeSyntax = {
  comments: cComments,
  strings: [text(/(["'])/y), text(/(`)/y, "dollar")],
  patterns: slashes,
  heredoc: undefined,
  get name() {
    return word();
  },
  members: dots,
  joins: "+",
  bare: "none",
  named: "",
};

const ruby: CodeSyntax = {
  comments: /#[^\n]*|^=begin\b[\s\S]*?^=end\b[^\n]*/my,
  strings: [
    text(/(")/y, "hash"),
    text(/(')/y, "none", "few"),
    { opens: /(`)|%x([^\w\s])/y, kind: "command", holes: "hash", escapes: "all" },
    { opens: /%[wWiI]([^\w\s])/y, kind: "words", holes: "none", escapes: "few" },
    text(/%q([^\w\s])/y, "none", "few"),
    text(/%Q([^\w\s])|%([({[|](?=\S))/y, "hash"),
  ],
  patterns: slashes,
  heredoc: /<<([~-]?)(["'`]?)([A-Z_]\w*)\2/y,
  get name() {
    return /(?:@{1,2}|\$)?[\p{L}_][\p{L}\p{N}_]*(?:[!?](?![=~]))?|\$\d/uy;
  },
  members: new Set([".", "::", "&."]),
  joins: "+",
  atoms: true,
  bare: "names",
  named: "",
};

const perl: CodeSyntax = {
  comments: /#[^\n]*|^=[a-z]\w*[\s\S]*?(?:^=cut\b[^\n]*|(?![\s\S]))/my,
  strings: [
    text(/(")|qq\s*([^\w\s,;=>])/y, "sigil"),
    text(/(')|q\s*([^\w\s,;=>])/y, "none", "few"),
    { opens: /(`)|qx\s*([^\w\s,;=>])/y, kind: "command", holes: "sigil", escapes: "all" },
    { opens: /qw\s*([^\w\s,;=>])/y, kind: "words", holes: "none", escapes: "few" },
    { opens: /(<)(?=[~\w./*?{},-]*[*?.{][^<>\n]*>)/y, kind: "files", holes: "sigil", escapes: "few" },
  ],
  patterns:
    /(?:m|qr)([^\w\s,;=)}\]])(?:\\.|(?!\1)[^\\\n]){0,2000}\1\w*|(?:s|tr|y)\{(?:\\.|[^\\}]){0,2000}\}\s*\{(?:\\.|[^\\}]){0,2000}\}\w*|(?:s|tr|y)([^\w\s,;=>)}\]])(?:\\.|(?!\2)[^\\]){0,2000}\2(?:\\.|(?!\2)[^\\]){0,2000}\2\w*|\/(?![/*\s])(?:\\.|[^/\\\n])+\/\w*/y,
  heredoc: /<<([~]?)(["']?)([A-Z_]\w*)\2/y,
  get name() {
    return /[$@](?:\{\^?\w+\}|\w+(?:::\w+)*|[&!@$_;,./\\])|[\p{L}_][\p{L}\p{N}_]*/uy;
  },
  members: arrows,
  joins: ".",
  bare: "names",
  named: "",
};

const php: CodeSyntax = {
  comments: /(?:\/\/|#(?!\[))[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y,
  strings: [
    text(/(")/y, "variable"),
    text(/(')/y, "none", "few"),
    { opens: /(`)/y, kind: "command", holes: "variable", escapes: "all" },
  ],
  patterns: undefined,
  heredoc: /<<<([ \t]*)(["']?)([A-Z_]\w*)\2/y,
  get name() {
    return /\$[\p{L}_][\p{L}\p{N}_]*|\\?[\p{L}_][\p{L}\p{N}_\\]*/uy;
  },
  members: arrows,
  joins: ".",
  bare: "none",
  named: "",
};

const lua: CodeSyntax = {
  comments: /--\[(=*)\[[\s\S]*?(?:\]\1\]|$)|--[^\n]*/y,
  strings: [text(/(["'])/y), text(/(\[=*\[)/y, "none", "none")],
  patterns: undefined,
  heredoc: undefined,
  get name() {
    return word();
  },
  members: new Set([".", ":"]),
  joins: "..",
  bare: "strings",
  named: "{",
};

const r: CodeSyntax = {
  comments: hashComments,
  strings: [text(/(["'])/y)],
  patterns: undefined,
  heredoc: undefined,
  get name() {
    return /[\p{L}.][\p{L}\p{N}._]*/uy;
  },
  members: new Set(["$", "::", ":::", "@"]),
  joins: "",
  bare: "none",
  named: "(",
};

const julia: CodeSyntax = {
  comments: /#=[\s\S]*?(?:=#|$)|#[^\n]*/y,
  strings: [
    text(/("""|")/y, "variable"),
    text(/raw(")/y, "none", "none"),
    { opens: /(`)/y, kind: "command", holes: "variable", escapes: "all" },
  ],
  patterns: undefined,
  heredoc: undefined,
  get name() {
    return /[\p{L}_][\p{L}\p{N}_]*!?/uy;
  },
  members: new Set(["."]),
  joins: "*",
  bare: "none",
  named: "(",
};

const elixir: CodeSyntax = {
  comments: hashComments,
  strings: [
    text(/("""|'''|"|')/y, "hash"),
    text(/~[csCS]([^\w\s])/y, "hash"),
    { opens: /~w([^\w\s])/y, kind: "words", holes: "none", escapes: "few" },
  ],
  patterns: undefined,
  heredoc: undefined,
  get name() {
    return /@?[\p{L}_][\p{L}\p{N}_]*[!?]?/uy;
  },
  members: new Set(["."]),
  joins: "<>",
  atoms: true,
  bare: "names",
  named: "",
};

const groovy: CodeSyntax = {
  comments: cComments,
  strings: [text(/("""|")/y, "dollar"), text(/('''|')/y)],
  patterns: undefined,
  heredoc: undefined,
  get name() {
    return word();
  },
  members: dots,
  joins: "+",
  bare: "names",
  named: "",
};

const swift: CodeSyntax = { ...groovy, strings: [text(/("""|")/y, "slash")], bare: "none" };

const erlang: CodeSyntax = {
  ...lua,
  comments: /%[^\n]*/y,
  strings: [text(/(["'])/y)],
  bare: "none",
  joins: "++",
  named: "",
};

const ml: CodeSyntax = {
  ...lua,
  comments: /--[^\n]*|\(\*[\s\S]*?(?:\*\)|$)/y,
  strings: [text(/(")/y)],
  members: new Set(["."]),
  joins: "++",
  named: "",
};

const octave: CodeSyntax = {
  ...lua,
  comments: /[%#][^\n]*/y,
  strings: [text(/(")/y), text(/(')/y, "none", "few")],
  members: new Set(["."]),
  joins: "",
  bare: "none",
  named: "",
};

export const syntaxes = {
  python,
  javascript,
  ruby,
  perl,
  php,
  lua,
  r,
  julia,
  elixir,
  groovy,
  swift,
  erlang,
  ml,
  octave,
} as const;
export type LanguageName = keyof typeof syntaxes;
