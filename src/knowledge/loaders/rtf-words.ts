/** Where the text of a group goes. */
export type Destination = "body" | "skip" | "fonts" | "styles" | "title" | "marker" | "note";

/** Destinations without text of the document: its tables, pictures, links' addresses, headers and footers. */
export const SKIPPED = new Set([
  "colortbl",
  "info",
  "pict",
  "nonshppict",
  "object",
  "objdata",
  "header",
  "headerl",
  "headerr",
  "headerf",
  "footer",
  "footerl",
  "footerr",
  "footerf",
  "ftnsep",
  "ftnsepc",
  "ftncn",
  "annotation",
  "fldinst",
  "xe",
  "tc",
  "tcn",
  "rxe",
  "txe",
  "filetbl",
  "revtbl",
  "shprslt",
  "nonesttables",
  "listtable",
  "listoverridetable",
  "template",
  "private",
  "bkmkstart",
  "bkmkend",
  "upr",
  "sp",
  "sv",
  "sn",
  "falt",
  "panose",
  "author",
  "operator",
  "company",
  "keywords",
  "subject",
  "comment",
  "doccomm",
  "hlinkbase",
  "atnid",
  "atnauthor",
  "datafield",
  "themedata",
  "pntxta",
  "pntxtb",
]);
/** Destinations that old programs may ignore (`\*`), and that hold text all the same. */
export const READ_ANYWAY = new Set(["shpinst", "do", "moMath", "moMathPara", "fldrslt"]);
/** Words and symbols that stand for a character. */
export const CHARACTERS: Readonly<Record<string, string>> = {
  tab: "\t", line: "\n", lbr: "\n", softline: "\n", emdash: "—", endash: "–", bullet: "•", lquote: "‘", rquote: "’",
  ldblquote: "“", rdblquote: "”", emspace: " ", enspace: " ", qmspace: " ", "~": "\u00A0", _: "-", "{": "{", "}": "}",
  "\\": "\\", zwj: "\u200D", zwnj: "\u200C", ltrmark: "", rtlmark: "",
}; // biome-ignore format: a table

export interface Group {
  destination: Destination;
  /** How many characters stand in for each `\u` where it is not understood. */
  replacements: number;
  fonts: { loch?: number; hich?: number; dbch?: number; any?: number };
  script: "loch" | "hich" | "dbch" | undefined;
  hidden: boolean;
  /** A `\*` was read: if the next word is not known, the group is skipped. */
  optional: boolean;
}
