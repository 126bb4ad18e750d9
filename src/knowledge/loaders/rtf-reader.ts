import { DocumentBuilder } from "./document-builder.ts";
import { LoadError, type LoadedDocument } from "./loader.ts";
import { meaningfulTitle } from "./metadata-title.ts";
import { RtfCharsets } from "./rtf-charsets.ts";
import { plainParagraph, RtfStory, type RtfStyle } from "./rtf-story.ts";
import { type RtfHandler, scanRtf } from "./rtf-tokens.ts";
import { CHARACTERS, type Group, READ_ANYWAY, SKIPPED } from "./rtf-words.ts";

const MAX_DEPTH = 1_000;
const MAX_NOTE = 100_000;

/** Reads RTF as far as it makes sense. @throws LoadError "too_deep" */
export function readRtf(source: Uint8Array): LoadedDocument {
  const reader = new RtfReader();
  scanRtf(source, reader);
  return reader.finish();
}

class RtfReader implements RtfHandler {
  readonly #builder = new DocumentBuilder();
  readonly #charsets = new RtfCharsets();
  readonly #styles = new Map<number, RtfStyle>();
  readonly #story = new RtfStory(this.#builder, this.#styles);
  readonly #stack: Group[] = [];
  #group: Group = {
    destination: "body",
    replacements: 1,
    fonts: {},
    script: undefined,
    hidden: false,
    optional: false,
  };
  #pending: number[] = [];
  #toSkip = 0;
  #defaultFont: number | undefined;
  #tableFont: number | undefined;
  #title = "";
  #note = "";
  #style = { number: 0, outline: undefined as number | undefined, name: "" };

  open(): void {
    this.#flush();
    this.#toSkip = 0;
    if (this.#stack.length >= MAX_DEPTH) throw tooDeep();
    this.#stack.push(this.#group);
    this.#group = { ...this.#group, fonts: { ...this.#group.fonts }, optional: false };
  }

  close(): void {
    this.#flush();
    this.#toSkip = 0;
    const outer = this.#stack.pop();
    if (!outer) return;
    if (this.#group.destination === "styles" && outer.destination === "styles") this.#endStyle();
    if (this.#group.destination === "note" && outer.destination !== "note") {
      this.#story.addNote(this.#note);
      this.#note = "";
    }
    this.#group = outer;
  }

  byte(value: number): void {
    this.#group.optional = false;
    if (this.#toSkip > 0) this.#toSkip--;
    else if (this.#isRead) this.#pending.push(value);
  }

  bytes(data: Uint8Array): void {
    const left = data.subarray(Math.min(this.#toSkip, data.length));
    this.#toSkip -= data.length - left.length;
    this.#group.optional = false;
    if (this.#isRead) for (const byte of left) this.#pending.push(byte);
  }

  control(word: string, parameter: number | undefined): void {
    if (this.#toSkip > 0 && word !== "*") {
      this.#toSkip--;
      return;
    }
    this.#flush();
    if (word === "u") {
      this.#addUnicode(parameter ?? 0);
      return;
    }
    if (word === "*") {
      this.#group.optional = true;
      return;
    }
    const known =
      this.#enter(word) || this.#format(word, parameter) || this.#encode(word, parameter) || this.#put(word);
    if (this.#group.optional && !known) this.#group.destination = "skip";
    this.#group.optional = false;
    if (known) return;
    if (this.#group.destination === "body") this.#layout(word, parameter);
    else if (this.#group.destination === "styles") this.#describeStyle(word, parameter);
    else if (this.#group.destination === "note" && (word === "par" || word === "cell")) this.#add("\n");
  }

  finish(): LoadedDocument {
    this.#flush();
    if (this.#note !== "") this.#story.addNote(this.#note);
    this.#story.end();
    return this.#builder.build({ title: meaningfulTitle(this.#title) });
  }

  get #isRead(): boolean {
    return this.#group.destination !== "skip" && !this.#group.hidden;
  }

  /** Words that say where the text of a group goes. */
  #enter(word: string): boolean {
    const group = this.#group;
    if (group.destination === "skip") {
      // The Unicode form of a text that is there twice, the visible form of an object, a text box, the title.
      if (word === "ud" || word === "result") group.destination = this.#stack.at(-2)?.destination ?? "body";
      else if (word === "title") group.destination = "title";
      else return false;
      return true;
    }
    if (word === "fonttbl") group.destination = "fonts";
    else if (word === "stylesheet") group.destination = "styles";
    else if (word === "listtext" || word === "pntext") group.destination = "marker";
    else if (word === "footnote" || word === "shptxt" || word === "dptxbxtext") group.destination = "note";
    else if (word === "shpinst" || word === "do") group.destination = "body";
    else if (SKIPPED.has(word)) group.destination = "skip";
    else return group.optional && READ_ANYWAY.has(word);
    return true;
  }

  /** Words that hold for the text of a group. */
  #format(word: string, parameter: number | undefined): boolean {
    const group = this.#group;
    switch (word) {
      case "uc":
        group.replacements = Math.min(Math.max(parameter ?? 1, 0), 100);
        return true;
      case "f":
      case "af":
        this.#setFont(word, parameter);
        return true;
      case "loch":
      case "hich":
      case "dbch":
        group.script = word;
        return true;
      case "v":
      case "deleted":
        group.hidden = parameter !== 0;
        return true;
      case "plain":
        group.hidden = false;
        group.fonts = this.#defaultFont === undefined ? {} : { any: this.#defaultFont };
        group.script = undefined;
        return true;
      case "deff":
        this.#defaultFont = parameter;
        group.fonts = parameter === undefined ? {} : { any: parameter };
        return true;
      default:
        return false;
    }
  }

  /** Words about character sets. */
  #encode(word: string, parameter: number | undefined): boolean {
    switch (word) {
      case "fcharset":
        if (this.#tableFont !== undefined) this.#charsets.setFont(this.#tableFont, parameter ?? 0);
        return true;
      case "ansicpg":
        this.#charsets.setDefault(parameter ?? 1252);
        return true;
      case "mac":
      case "pc":
      case "pca":
        this.#charsets.setDefault(word);
        return true;
      default:
        return false;
    }
  }

  #setFont(word: "f" | "af", font: number | undefined): void {
    const { fonts, script, destination } = this.#group;
    if (destination === "fonts") this.#tableFont = font;
    if (font === undefined) return;
    if (script !== undefined) fonts[script] = font;
    if (word === "f") fonts.any = font;
  }

  /** Words that stand for a character. */
  #put(word: string): boolean {
    const character = Object.hasOwn(CHARACTERS, word) ? CHARACTERS[word] : undefined;
    if (character === undefined) return false;
    this.#add(character);
    return true;
  }

  /** Words about paragraphs and tables; they mean something in the body alone. */
  #layout(word: string, parameter: number | undefined): void {
    const story = this.#story;
    if (word === "par" || word === "sect" || word === "page" || word === "column") story.endParagraph();
    else if (word === "pard") story.format = plainParagraph();
    else if (word === "s") story.format.style = parameter;
    else if (word === "outlinelevel") story.format.outline = parameter;
    else if (word === "intbl") story.format.inTable = true;
    else if (word === "ls" || word === "ilvl")
      story.format.inList = story.format.inList || (word === "ls" && parameter !== 0);
    else if (word === "trowd") story.table.define();
    else if (word === "cellx") story.table.addEdge(parameter ?? 0);
    else if (word === "trhdr") story.table.markHeader();
    else if (word === "cell") story.endCell();
    else if (word === "row") story.table.endRow();
    else if (word === "nestcell" || word === "nestrow") story.endInnerCell();
  }

  #addUnicode(parameter: number): void {
    this.#add(String.fromCharCode(parameter & 0xffff));
    this.#toSkip = this.#group.replacements;
  }

  /** Bytes wait until the next control word: a character may be made of several. */
  #flush(): void {
    if (this.#pending.length === 0) return;
    const { fonts, script } = this.#group;
    const font = (script === undefined ? undefined : fonts[script]) ?? fonts.any;
    const bytes = Uint8Array.from(this.#pending);
    this.#pending = [];
    this.#add(this.#charsets.decode(bytes, font));
  }

  #add(text: string): void {
    if (!this.#isRead) return;
    const { destination } = this.#group;
    if (destination === "body") this.#story.addText(text);
    else if (destination === "marker") this.#story.addMarker(text);
    else if (destination === "title") this.#title = (this.#title + text).slice(0, 1_000);
    else if (destination === "styles") this.#style.name = (this.#style.name + text).slice(0, 200);
    else if (destination === "note" && this.#note.length < MAX_NOTE) this.#note += text;
  }

  #describeStyle(word: string, parameter: number | undefined): void {
    if (word === "s") this.#style.number = parameter ?? 0;
    else if (word === "outlinelevel") this.#style.outline = parameter;
  }

  #endStyle(): void {
    const { number, outline, name } = this.#style;
    this.#styles.set(number, { name: name.replace(/;.*$/s, "").trim(), outline });
    this.#style = { number: 0, outline: undefined, name: "" };
  }
}

function tooDeep(): LoadError {
  return new LoadError(
    "too_deep",
    "The parts of this RTF file are nested too deeply to be read. Open it, save it as .docx and upload that.",
  );
}
