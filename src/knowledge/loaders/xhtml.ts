/** Elements that HTML never closes. */
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/i;

/**
 * XHTML as an HTML parser understands it: `<title/>` would make it take the rest of the page for a title. Also drops
 * the prefix that some writers give every tag, and opens CDATA sections.
 */
export function xhtmlAsHtml(source: string): string {
  const prefix = /\sxmlns:([\w-]{1,30})\s*=\s*["']http:\/\/www\.w3\.org\/1999\/xhtml["']/.exec(
    source.slice(0, 10_000),
  )?.[1];
  const plain =
    prefix === undefined ? source : source.replaceAll(`<${prefix}:`, "<").replaceAll(`</${prefix}:`, "</");
  return openCdata(plain).replace(
    /<([a-zA-Z][\w:.-]*)((?:\s[^<>]*)?)\/>/g,
    (tag, name: string, attributes: string) => (VOID.test(name) ? tag : `<${name}${attributes}></${name}>`),
  );
}

function openCdata(source: string): string {
  const [first = "", ...sections] = source.split("<![CDATA[");
  return (
    first +
    sections
      .map((section) => {
        const end = section.indexOf("]]>");
        if (end === -1) return escaped(section);
        return escaped(section.slice(0, end)) + section.slice(end + 3);
      })
      .join("")
  );
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
